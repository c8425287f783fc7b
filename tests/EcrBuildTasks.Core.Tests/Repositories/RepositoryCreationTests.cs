using System.Text.Json;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Faults;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Repositories;

namespace EcrBuildTasks.Core.Tests.Repositories;

/// <summary>Repositories that a push creates, with <c>EcrRepository…</c> settings.</summary>
public sealed class RepositoryCreationTests : IDisposable
{
    private const string Lifecycle =
        """{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-settings-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_repository_is_created_as_it_is_said_to_be()
    {
        await using var scene = await RulesScene.OpenAsync(new EmulatedRegistry(RulesScene.Region));

        var push = await scene.PushAsync(
            Creating(
                scene,
                new()
                {
                    Immutability = "immutable_with_exclusion:latest, dev-*",
                    ScanOnPush = "false",
                    Encryption = "arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555",
                    LifecyclePolicy = WriteLifecycle(),
                    Tags = ["team=web", "cost = 4=2"],
                    PushPrincipal = "arn:aws:iam::111122223333:role/build/ci",
                }
            )
        );

        push.Diagnostics.ShouldBeEmpty();
        var repository = await DescribeAsync(scene);
        repository.ImageTagMutability.ShouldBe(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION);
        repository.ImageTagMutabilityExclusionFilters!.Select(filter => filter.Filter).ShouldBe(["latest", "dev-*"]);
        repository.ImageScanningConfiguration!.ScanOnPush.ShouldBe(false);
        repository.EncryptionConfiguration!.EncryptionType.ShouldBe("KMS");
        repository.EncryptionConfiguration.KmsKey.ShouldEndWith(":key/11111111-2222-3333-4444-555555555555");
        scene.CallsOf("PutLifecyclePolicy").ShouldBe(1);
        var policy = await scene.Owner.GetRepositoryPolicyAsync(
            new() { RepositoryName = RulesScene.Repository },
            Cancellation
        );
        using var document = JsonDocument.Parse(policy.PolicyText!);
        var statement = document.RootElement.GetProperty("Statement")[0];
        statement.GetProperty("Sid").GetString().ShouldBe("AllowPushByCi");
        statement.GetProperty("Action").GetArrayLength().ShouldBe(6);
        statement.GetProperty("Condition").ToString().ShouldContain("arn:aws:iam::111122223333:role/build/ci");
    }

    [Fact]
    public async Task Without_a_word_tags_stay_images_are_scanned_and_AES256_encrypts()
    {
        await using var scene = await RulesScene.OpenAsync(new EmulatedRegistry(RulesScene.Region));

        (await scene.PushAsync(Creating(scene, new()))).Diagnostics.ShouldBeEmpty();

        var repository = await DescribeAsync(scene);
        repository.ImageTagMutability.ShouldBe(ImageTagMutability.IMMUTABLE);
        repository.ImageScanningConfiguration!.ScanOnPush.ShouldBe(true);
        repository.EncryptionConfiguration!.EncryptionType.ShouldBe("AES256");
    }

    [Fact]
    public async Task What_a_new_repository_lacks_is_a_warning_with_the_command_that_adds_it_and_the_push_goes_on()
    {
        await using var scene = await RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region),
            denied: "ecr:PutLifecyclePolicy ecr:SetRepositoryPolicy"
        );
        var lifecycle = WriteLifecycle();

        var push = await scene.PushAsync(
            Creating(scene, new() { LifecyclePolicy = lifecycle, PushPrincipal = "arn:aws:iam::111122223333:role/ci" })
        );

        push.Result.ShouldNotBeNull();
        push.Diagnostics.Count.ShouldBe(2);
        push.Diagnostics.ShouldAllBe(warning =>
            warning.Code == EcrCode.RepositoryIncomplete && warning.Severity == DiagnosticSeverity.Warning
        );
        push.Diagnostics[0].ToString().ShouldContain("ecr:PutLifecyclePolicy");
        push.Diagnostics[0]
            .Details[^1]
            .ShouldBe(
                $"  aws ecr put-lifecycle-policy --registry-id 444455556666 --region eu-west-1 --repository-name hello-api --lifecycle-policy-text file://{lifecycle}"
            );
        push.Diagnostics[1].Message.ShouldContain("arn:aws:iam::111122223333:role/ci");
        push.Diagnostics[1].Details[^1].ShouldContain("aws ecr set-repository-policy");
    }

    [Theory]
    [InlineData("ecr:CreateRepository")]
    [InlineData("ecr:CreateRepository ecr:DescribeRepositories ecr:GetRepositoryPolicy")]
    public async Task Who_may_not_create_repositories_pushes_to_one_that_exists(string denied)
    {
        await using var scene = await RulesScene.OpenAsync(
            new EmulatedRegistry(RulesScene.Region) { Repositories = [new(RulesScene.Repository)] },
            denied
        );

        var push = await scene.PushAsync(Creating(scene, new()));

        push.Diagnostics.ShouldBeEmpty();
        push.Result.ShouldNotBeNull();
        scene.CallsOf("CreateRepository").ShouldBe(0);
    }

    [Theory]
    [InlineData("ecr:DescribeRepositories ecr:GetRepositoryPolicy")]
    [InlineData("ecr:DescribeRepositories ecr:GetRepositoryPolicy ecr:BatchGetImage")]
    public async Task A_missing_repository_is_known_before_the_build_to_who_may_push_and_no_more(string denied)
    {
        await using var scene = await RulesScene.OpenAsync(new EmulatedRegistry(RulesScene.Region), denied);

        var preflight = await scene.PreflightAsync(RulesScene.Request("1.0.0"));

        preflight.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(EcrCode.RepositoryMissing);
        preflight.Report!.Repository.Repository.ShouldBe(Presence.Absent);
        preflight.Report.NotSeen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_builds_that_race_one_creates_the_repository_and_all_of_them_push()
    {
        await using var scene = await RulesScene.OpenAsync(new EmulatedRegistry(RulesScene.Region));
        var lifecycle = WriteLifecycle();
        var requests = Enumerable
            .Range(0, 8)
            .Select(build => Creating(scene, new() { LifecyclePolicy = lifecycle }) with { Tags = [$"1.0.{build}"] })
            .ToList();

        scene.Emulator.Faults.Add(new DelayFault("CreateRepository", TimeSpan.FromMilliseconds(300)));

        var pushes = await Task.WhenAll(requests.Select(request => scene.PushAsync(request)));

        pushes.ShouldAllBe(push => push.Diagnostics.Count == 0 && push.Result != null);
        scene.CallsOf("CreateRepository").ShouldBeInRange(2, 8);
        scene.CallsOf("PutLifecyclePolicy").ShouldBe(1);
    }

    [Theory]
    [InlineData("Immutability", "SOMETIMES", "EcrRepositoryImmutability (--immutability) ")]
    [InlineData("Immutability", "IMMUTABLE:latest", "MUTABLE_WITH_EXCLUSION:")]
    [InlineData("Immutability", "MUTABLE_WITH_EXCLUSION", " 5 ")]
    [InlineData("Immutability", "MUTABLE_WITH_EXCLUSION:a,b,c,d,e,f", " 5 ")]
    [InlineData("Immutability", "MUTABLE_WITH_EXCLUSION:v?", "'v?'")]
    [InlineData("ScanOnPush", "maybe", "true or false")]
    [InlineData("Encryption", "rot13", "KMS")]
    [InlineData("Encryption", "arn:aws:s3:::bucket", "KMS")]
    [InlineData("Tags", "team", "key=value")]
    [InlineData("Tags", "team=a;team=b", " key team ")]
    [InlineData("PushPrincipal", "ci", "ARN")]
    [InlineData(
        "PushPrincipal",
        "arn:aws:sts::111122223333:assumed-role/ci/run-7",
        "arn:aws:iam::<account>:role/<name>"
    )]
    [InlineData("LifecyclePolicy", "missing.json", "missing.json")]
    [InlineData("LifecyclePolicy", "broken.json", "broken.json")]
    [InlineData("LifecyclePolicy", "short.json", "100 to 30720")]
    [InlineData("LifecyclePolicy", "long.json", "100 to 30720")]
    [InlineData("LifecyclePolicy", "other.json", "{\"rules\": [...]}")]
    public void A_setting_that_cannot_be_names_the_property_and_what_it_may_be(
        string property,
        string value,
        string words
    )
    {
        File.WriteAllText(Path.Combine(_folder, "broken.json"), "{\"rules\":[");
        File.WriteAllText(Path.Combine(_folder, "other.json"), "[1]");
        File.WriteAllText(Path.Combine(_folder, "short.json"), """{"rules":[]}""");
        File.WriteAllText(Path.Combine(_folder, "long.json"), $$"""{"rules":[],"x":"{{new string('x', 30_720)}}"}""");
        var options = property switch
        {
            "Immutability" => new RepositoryOptions { Immutability = value },
            "ScanOnPush" => new() { ScanOnPush = value },
            "Encryption" => new() { Encryption = value },
            "Tags" => new() { Tags = value.Split(';') },
            "PushPrincipal" => new() { PushPrincipal = value },
            _ => new() { LifecyclePolicy = value },
        };

        var error = Should.Throw<DiagnosedException>(() => options.Read(_folder)).Diagnostic;

        error.Code.ShouldBe(EcrCode.PropertyValueInvalid);
        error.Message.ShouldContain($"EcrRepository{property}");
        error.Message.ShouldContain(words);
    }

    private static async Task<Repository> DescribeAsync(RulesScene scene) =>
        (
            await scene.Owner.DescribeRepositoriesAsync(
                new() { RepositoryNames = [RulesScene.Repository] },
                Cancellation
            )
        ).Repositories!.ShouldHaveSingleItem();

    private PushRequest Creating(RulesScene scene, RepositoryOptions options) =>
        scene.Built(RulesScene.Request("1.0.0")) with
        {
            CreateRepository = true,
            RepositorySettings = options.Read(_folder),
        };

    private string WriteLifecycle()
    {
        var path = Path.Combine(_folder, "lifecycle.json");
        File.WriteAllText(path, Lifecycle);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
