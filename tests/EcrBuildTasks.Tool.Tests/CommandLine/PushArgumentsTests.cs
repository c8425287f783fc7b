using EcrBuildTasks.Failures;
using EcrBuildTasks.Push;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Tests.CommandLine;

public sealed class PushArgumentsTests
{
    private const string Host = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";

    [Theory]
    [InlineData($"{Host}/hello-api:1.6.0", true)]
    [InlineData($"{Host}/hello-api", true)]
    [InlineData($"{Host}/team/hello-api:1.6.0", true)]
    [InlineData("444455556666.dkr.ecr-fips.us-gov-west-1.amazonaws.com/hello-api:1", true)]
    [InlineData("public.ecr.aws/acme/hello-api:1", true)]
    [InlineData("hello-api:1.6.0", false)]
    [InlineData("hello-api", false)]
    [InlineData("ghcr.io/acme/hello-api:1.6.0", false)]
    [InlineData("localhost:5000/hello-api:1.6.0", false)]
    [InlineData("sha256:0a1b2c", false)]
    public void One_name_in_an_ECR_registry_is_source_and_target(string name, bool isTarget)
    {
        var arguments = PushArguments.Read(name, []);

        arguments.Source.ShouldBe(new ImageSource.EngineImage(name));
        arguments.IsOneName.ShouldBe(isTarget);
        arguments.Images.ShouldBe(isTarget ? [name] : []);
        var both = PushArguments.Read(name, ["hello-api:1"]);
        (both.IsOneName, both.Images.ShouldHaveSingleItem()).ShouldBe((false, "hello-api:1"));
    }

    [Theory]
    [InlineData("hello-api:1.6.0", true)]
    [InlineData("hello-api:v2", true)]
    [InlineData("hello-api:1.0.0", false)]
    [InlineData("hello-api:1.0", false)]
    [InlineData("hello-api:dev", false)]
    [InlineData("hello-api:latest", false)]
    [InlineData("hello-api", false)]
    [InlineData("other:1.6.0", false)]
    [InlineData("ghcr.io/hello-api:1.6.0", false)]
    public void The_projects_repository_with_another_version_is_refused_with_both_commands(
        string name,
        bool isAmbiguous
    )
    {
        PushRequest[] requests =
        [
            new()
            {
                Registry = Host,
                Repository = "hello-api",
                Tags = ["1.0.0", "1.0"],
                Profile = "ci",
            },
        ];
        var arguments = PushArguments.Read(name, []);

        if (!isAmbiguous)
        {
            Should.NotThrow(() => arguments.Check(requests));
            return;
        }

        var error = Should.Throw<DiagnosedException>(() => arguments.Check(requests)).Diagnostic;
        error.Code.ShouldBe(EcrCode.ImageNotNamed);
        error.Details.ShouldContain($"  dotnet ecr push {name} {Host}/{name} --profile ci");
        error.Details.ShouldContain(
            $"  dotnet ecr push {name} {Host}/hello-api:1.0.0 {Host}/hello-api:1.0 --profile ci"
        );
        PushArguments.Read(name, [$"{Host}/{name}"]).Check(requests);
    }

    [Theory]
    [InlineData("my profile", "\"my profile\"")]
    [InlineData("a$(evil)", "<profile>")]
    [InlineData("a\" `evil`", "<profile>")]
    [InlineData("a;evil", "\"a;evil\"")]
    public void A_profile_of_the_project_is_one_word_of_the_command(string profile, string word)
    {
        var request = new PushRequest
        {
            Registry = Host,
            Repository = "hello-api",
            Tags = ["1.0.0"],
            Profile = profile,
        };

        Should
            .Throw<DiagnosedException>(() => PushArguments.Read("hello-api:1.6.0", []).Check([request]))
            .Diagnostic.Details.ShouldContain(
                $"  dotnet ecr push hello-api:1.6.0 {Host}/hello-api:1.0.0 --profile {word}"
            );
    }
}
