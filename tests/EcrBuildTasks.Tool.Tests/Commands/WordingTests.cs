using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>The text of each command as a user reads it: <c>tests/Snapshots</c>.</summary>
public sealed class WordingTests
{
    private const string Image = PolicyScene.Image;

    private const string Policy = """
        {"Version":"2012-10-17","Statement":[
          {"Sid":"Push","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},
           "Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload","ecr:PutImage"],
           "Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci"}}},
          {"Sid":"Pull","Effect":"Allow","Principal":"*","Action":"ecr:GetDownloadUrlForLayer",
           "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}},
          {"Sid":"NoPuts","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/old"},"Action":"ecr:PutImage"}]}
        """;

    private const string WrongPolicy = """
        {"Version":"2012-10-17","Statement":[
          {"Sid":"Session","Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/ci/run-7"},"Action":"ecr:PutImage"},
          {"Sid":"Own","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ecr:*"},
          {"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}
        """;

    private const string DenyAll =
        """{"Version":"2012-10-17","Statement":[{"Sid":"NoCi","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"ecr:*"}]}""";

    [Fact]
    public async Task Check()
    {
        await using var scene = await PushScene.StartAsync();

        Snapshot.Match(
            "check",
            await scene.EcrAsync("check", "hello-api:1.0.0"),
            await scene.EcrAsync("check", "no-such:1.0.0"),
            await scene.EcrAsync("check", "new:1.0.0", "--create-repository"),
            await scene.EcrAsync("check", "made-on-push/hello-api:1.0.0"),
            await scene.EcrAsync("check", "cache/hello-api:1.0.0"),
            await scene.EcrAsync("check", "hello-api", "--as", "arn:aws:iam::444455556666:role/build"),
            await scene.EcrAsync("check", "hello-api", "--as", "arn:aws:iam::111122223333:role/ci"),
            await scene.EcrAsync("check", "hello-api", "--push-test-image"),
            await scene.EcrAsync("check", "hello-api:1.0.0", "--mode", "engine"),
            await scene.AsNobody().EcrAsync("check", "hello-api:1.0.0"),
            await scene.AsCi().EcrAsync("check", Image, "--report", "request.md"),
            await scene.EcrAsync("check", $"{PushScene.PublicRegistry}/hello-api:1.0.0")
        );
    }

    [Fact]
    public async Task Push()
    {
        await using var scene = await PushScene.StartAsync(isImmutable: true);

        Snapshot.Match(
            "push",
            await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2", "hello-api:stable"),
            await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2", "--skip-if-exists"),
            await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.2"),
            await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:2.0.0", "--floating-tags"),
            await scene.EcrAsync("push", scene.WriteLayout(), "hello-api:1.4.3", "--floating-tags"),
            await scene.EcrAsync("check", "hello-api:2.0.1", "--floating-tags"),
            await scene.EcrAsync("push", "./no-such.tar", "hello-api:1.0.0"),
            await scene.EcrAsync("push", $"{PushScene.Host}/hello-api:1.6.0"),
            await scene.EcrAsync("push", scene.WriteLayout(), "https://AWS:pass@ghcr.io/hello-api"),
            await scene.AsCi().EcrAsync("push", scene.WriteLayout(), $"{PushScene.Host}/hello-api:1.0.0")
        );
    }

    [Fact]
    public async Task Policy_fix()
    {
        await using var scene = await PolicyScene.StartAsync();
        string[] fix = ["policy", "fix", Image, "--principal", PolicyScene.CiRole];

        Snapshot.Match(
            "policy-fix",
            await scene.AsOwnerAsync(fix),
            await scene.AsOwnerAsync([.. fix, "--format", "cli"]),
            await scene.AsOwnerAsync([.. fix, "--format", "cdk"]),
            await scene.AsOwnerAsync([.. fix, "--for", "pull"]),
            await scene.AsOwnerAsync([.. fix, "--apply"]),
            await scene.AsCiAsync("policy", "fix", Image, "--apply", "--yes"),
            await scene.AsOwnerAsync([.. fix, "--apply", "--yes"]),
            await scene.AsOwnerAsync([.. fix, "--apply", "--yes"]),
            await scene.AsOwnerAsync("check", Image, "--as", PolicyScene.CiRole),
            await scene.AsOwnerAsync("policy", "fix", Image),
            await scene.AsOwnerAsync("policy", "restore", scene.Backups[0], "--yes"),
            await scene.AsOwnerAsync("policy", "restore", scene.Backups[0], "--yes")
        );
    }

    [Fact]
    public async Task Policy_fix_that_asks()
    {
        var script = RealPart.Find("script");
        await using var scene = await PolicyScene.StartAsync();
        await using var denying = await PolicyScene.StartAsync(DenyAll);

        Snapshot.Match(
            "policy-fix-question",
            await AnswerAsync(scene, "n"),
            await AnswerAsync(scene, "y"),
            await AnswerAsync(denying, "y")
        );

        async Task<CliResult> AnswerAsync(PolicyScene scene, string answer)
        {
            var result = await Cli.RunAsync(
                script,
                [
                    "-qec",
                    $"dotnet {SourceTree.Tool} policy fix {Image} --principal {PolicyScene.CiRole} --apply --endpoint-url {scene.Emulator.Endpoint}",
                    "/dev/null",
                ],
                scene.Folder,
                scene.EnvironmentOf(PolicyScene.Owner),
                standardInput: answer + "\n",
                cancellationToken: TestContext.Current.CancellationToken
            );
            // The terminal may print the answer before the program starts.
            return result with
            {
                Output = result.Output[
                    result.Output.IndexOf(result.Output.Contains("---") ? "---" : "error", StringComparison.Ordinal)..
                ],
            };
        }
    }

    [Fact]
    public async Task Policy_show_explain_and_lint()
    {
        await using var scene = await PolicyScene.StartAsync(Policy);
        await using var without = await PolicyScene.StartAsync();
        await using var wrong = await PolicyScene.StartAsync(WrongPolicy);
        scene.Write("policy.json", """{"Statement":[{"Effect":"Permit","Action":"*"}]}""");

        Snapshot.Match(
            "policy-reading",
            await scene.AsOwnerAsync("policy", "show", Image),
            await scene.AsOwnerAsync("policy", "explain", Image),
            await scene.AsOwnerAsync("policy", "lint", Image),
            await wrong.AsOwnerAsync("policy", "explain", Image),
            await wrong.AsOwnerAsync("policy", "lint", Image),
            await without.AsOwnerAsync("policy", "show", Image),
            await without.AsOwnerAsync("policy", "explain", Image),
            await without.AsOwnerAsync("policy", "lint", Image),
            await scene.AsOwnerAsync("policy", "show", "no-such"),
            await scene.RunAsync(PolicyScene.Reader, input: null, "policy", "show", Image),
            await scene.AsOwnerAsync("policy", "lint", "--file", "policy.json")
        );
    }

    [Fact]
    public async Task Repository_create_and_list()
    {
        await using var scene = await PushScene.StartAsync();

        Snapshot.Match(
            "repository",
            await scene.EcrAsync("repository", "create", "team/new", "--scan-on-push", "true"),
            await scene.EcrAsync("repository", "create", "team/new"),
            await scene.EcrAsync("repository", "create", $"{PushScene.PublicRegistry}/team/new"),
            await scene.EcrAsync("repository", "list"),
            await scene.AsNobody().EcrAsync("repository", "list")
        );
    }

    [Fact]
    public async Task Login()
    {
        await using var scene = await PushScene.StartAsync();
        scene.WithProgram("docker", "#!/bin/sh\ncat > /dev/null\necho Login Succeeded\n");
        var docker = await scene.EcrAsync("login");
        scene.WithProgram("podman", "#!/bin/sh\nread -r password\nexit 0\n", alone: true);
        File.Delete(Path.Combine(scene.Folder, "bin", "docker"));
        var podman = await scene.EcrAsync("login");
        File.Delete(Path.Combine(scene.Folder, "bin", "podman"));
        var none = await scene.EcrAsync("login");
        scene.WithProgram("docker", "#!/bin/sh\nread -r password\necho \"cannot store $password\" >&2\nexit 7\n");

        Snapshot.Match(
            "login",
            docker,
            podman,
            none,
            await scene.EcrAsync("login"),
            await scene.EcrAsync("login", "docker.io"),
            await scene.AsNobody().EcrAsync("login"),
            await scene.AsNobody().EcrWithInputAsync(PushScene.Host, "login", "--credential-helper", "get"),
            await scene.With("AWS_SECRET_ACCESS_KEY", "wrong").EcrAsync("login")
        );
    }

    [Fact]
    public async Task Diagnose()
    {
        const string Denied =
            "denied: User: arn:aws:sts::111122223333:assumed-role/ci/run-7 is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:444455556666:repository/hello-api because no resource-based policy allows the ecr:InitiateLayerUpload action";
        string[] logs =
        [
            Denied,
            Denied.Replace("/ci/", "/***/", StringComparison.Ordinal),
            "no basic auth credentials",
            "denied: Your authorization token has expired. Reauthenticate and try again.",
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
            "name unknown: The repository with name 'hello-api' does not exist in the registry with id '444455556666'",
            "Login Succeeded",
        ];
        await using var scene = await PushScene.StartAsync();
        var runs = new List<object>();
        foreach (var log in logs)
        {
            runs.Add($"{log} |");
            runs.Add(await scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, "diagnose"], log));
        }

        Snapshot.Match(
            "diagnose",
            [.. runs, await scene.RunAsync(PushScene.Dotnet, [SourceTree.Tool, "diagnose", "no-such.log"])]
        );
    }

    [Fact]
    public async Task Doctor()
    {
        await using var scene = await PushScene.StartAsync();
        foreach (
            var variable in new[]
            {
                "AWS_CA_BUNDLE",
                "SSL_CERT_FILE",
                "HTTPS_PROXY",
                "HTTP_PROXY",
                "https_proxy",
                "http_proxy",
                "no_proxy",
            }
        )
        {
            scene.With(variable, null);
        }

        var good = await scene.EcrAsync("doctor");
        scene.WithProject("<EcrRegistry>ghcr.io</EcrRegistry>");

        Snapshot.Match(
            "doctor",
            good,
            await scene.With("AWS_PROFILE", "dve").EcrAsync("doctor"),
            await scene.With("AWS_SECRET_ACCESS_KEY", "wrong").EcrAsync("doctor", PushScene.Host),
            await scene
                .With("AWS_ACCESS_KEY_ID", null)
                .With("AWS_SECRET_ACCESS_KEY", null)
                .With("AWS_PROFILE", null)
                .With("AWS_REGION", null)
                .With("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
                .EcrAsync("doctor", PushScene.Host)
        );
    }
}
