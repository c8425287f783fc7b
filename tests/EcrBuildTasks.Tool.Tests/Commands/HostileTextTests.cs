using System.Text.Json;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Tool.Tests.Commands;

/// <summary>Files and answers that somebody else wrote, with text that a terminal or a CI system would take for a command.</summary>
public sealed class HostileTextTests
{
    private const string Payload =
        "x\u001b[2J\u202e##vso[task.prependpath]/tmp/evil\n::set-output name=evil::1\n##[add-path]/tmp/evil";

    private static readonly string Policy = JsonSerializer.Serialize(
        new
        {
            Version = "2012-10-17",
            Statement = new object[]
            {
                new
                {
                    Sid = Payload,
                    Effect = "Allow",
                    Principal = new { AWS = $"arn:aws:iam::111122223333:role/{Payload}" },
                    Action = new[] { "ecr:*", Payload },
                    Condition = new Dictionary<string, object>
                    {
                        ["StringEquals"] = new Dictionary<string, string> { [Payload] = Payload },
                    },
                },
            },
        }
    );

    [Theory]
    [InlineData("policy", "show", "--file", "policy.json")]
    [InlineData("policy", "show", "--file", "policy.json", "--output", "json")]
    [InlineData("policy", "explain", "--file", "policy.json")]
    [InlineData("policy", "explain", "--file", "policy.json", "--output", "json")]
    [InlineData("policy", "lint", "--file", "policy.json")]
    [InlineData("policy", "lint", "--file", "policy.json", "--output", "json")]
    [InlineData("policy", "restore", "backup.json")]
    [InlineData("policy", "restore", "foreign.json")]
    [InlineData("diagnose", "push.log")]
    [InlineData("diagnose", "push.log", "--output", "json")]
    [InlineData("policy", "evaluate", "cases.jsonl")]
    public async Task No_file_brings_a_command_into_the_output(params string[] arguments)
    {
        await using var scene = await PolicyScene.StartAsync();
        Write("policy.json", Policy);
        Write("backup.json", Backup(PolicyScene.Repository));
        Write("foreign.json", Backup(Payload));
        Write(
            "push.log",
            $"User: arn:aws:sts::111122223333:assumed-role/{Payload} is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:444455556666:repository/a because no resource-based policy allows the ecr:PutImage action"
        );
        Write(
            "cases.jsonl",
            JsonSerializer.Serialize(
                new
                {
                    id = Payload,
                    action = Payload,
                    repository = Payload,
                }
            )
        );

        var result = await scene.AsOwnerAsync(arguments);

        $"{result.Output}{result.Error}".ShouldNotBeEmpty();
        ShouldBeHarmless(result);

        void Write(string file, string text) => File.WriteAllText(Path.Combine(scene.Folder, file), text);

        static string Backup(string repository) =>
            JsonSerializer.Serialize(
                new
                {
                    registry = PolicyScene.Host,
                    repository,
                    policyText = Policy,
                }
            );
    }

    [Theory]
    [InlineData("error")]
    [InlineData("digest")]
    public async Task No_answer_of_an_engine_brings_a_command_or_an_output_of_its_own(string part)
    {
        var answer =
            part == "error"
                ? JsonSerializer.Serialize(new { errorDetail = new { message = Payload }, error = Payload })
                : JsonSerializer.Serialize(new { aux = new { Digest = $"sha256:abc\nPATH=/evil\n{Payload}" } });
        await using var engine = await FakeEngine.StartAsync("app:1.0", answer);
        await using var scene = await PushScene.StartAsync();
        var outputs = Path.Combine(scene.Folder, "outputs");
        scene.With("DOCKER_HOST", engine.Address).With("GITHUB_ACTIONS", "true").With("GITHUB_OUTPUT", outputs);

        var pushed = await scene.EcrAsync("push", "app:1.0", "hello-api:1.0", "--mode", "engine");

        engine.Pushed.ShouldNotBeEmpty(pushed.ToString());
        pushed.ExitCode.ShouldNotBe(0, pushed.ToString());
        ShouldBeHarmless(pushed);
        File.Exists(outputs).ShouldBeFalse(pushed.ToString());
    }

    private static void ShouldBeHarmless(CliResult result)
    {
        foreach (var line in $"{result.Output}\n{result.Error}".Split('\n'))
        {
            line.ShouldNotContain("\u001b", customMessage: result.ToString());
            line.ShouldNotContain("\u202e", customMessage: result.ToString());
            line.ShouldNotContain("##vso[", customMessage: result.ToString());
            line.ShouldNotContain("##[", customMessage: result.ToString());
            line.TrimStart().ShouldNotStartWith("::set-output", customMessage: result.ToString());
        }
    }
}
