using EcrBuildTasks.Emulator;
using EcrBuildTasks.EndToEnd.Setting;

namespace EcrBuildTasks.EndToEnd;

/// <summary>Who runs <c>dotnet ecr check</c> reads what the build says, word for word, with a fitting exit code.</summary>
[Collection(nameof(RefusedPushes))]
public sealed class ParityTests(RefusedPushes pushes)
{
    private const string Denial = $$"""
        {"Version":"2012-10-17","Statement":[
          {"Sid":"All","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Scenario.CiAccount}}:root"},"Action":"ecr:*"},
          {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}
        """;

    public static IEnumerable<TheoryDataRow<string, string?, string, string, int>> Rows() =>
        [
            new("no repository policy", null, "", "", 2),
            new("a statement denies", Denial, "", "", 2),
            new("a repository that another account does not have", null, "EcrRepository", "not-yet-there", 2),
            new("a repository name that is not allowed", null, "EcrRepository", "Not-Allowed", 1),
            new("a tag that is not allowed", null, "EcrImageTags", "-1", 1),
            new("a profile that does not exist", null, "EcrProfile", "no-such", 1),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_check_at_the_command_line_says_what_the_build_says(
        string name,
        string? policy,
        string property,
        string value,
        int exitCode
    )
    {
        await using var emulator = await Scenario.StartAsync(policy);
        var project = (await pushes.ProjectAsync()).WithAws(emulator.Endpoint, Scenario.Ci);
        // MSBuild takes variables for properties, and so build and tool get the same.
        if (property.Length > 0)
        {
            project.With(property, value);
        }

        var build = await project.PublishAsync("--no-restore");
        var check = await project.EcrAsync("check");
        if (property.Length > 0)
        {
            project.With(property, null);
        }

        check.ExitCode.ShouldBe(exitCode, $"{name}: {check}");
        var errors = build
            .Output.Split('\n')
            .Where(line => line.StartsWith("HelloApi.csproj : error ECR", Ordinal))
            .ToList();
        errors.ShouldNotBeEmpty(build.ToString());
        foreach (var error in errors)
        {
            // The build names the project, and at its end the project file.
            var said = error["HelloApi.csproj : ".Length..error.LastIndexOf(" [", Ordinal)];
            check.Error.Split('\n').ShouldContain(said, $"{name}: {check}");
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
