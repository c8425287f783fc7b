using EcrBuildTasks.EndToEnd.Setting;
using EcrBuildTasks.Preflight;

namespace EcrBuildTasks.EndToEnd;

/// <summary>
/// Who runs <c>dotnet ecr check</c> reads what the build says, word for word, with a fitting exit code, and the system that
/// runs it is told the same.
/// </summary>
[Collection(nameof(RefusedPushes))]
public sealed class ParityTests(RefusedPushes pushes)
{
    private const string Denial = $$"""
        {"Version":"2012-10-17","Statement":[
          {"Sid":"All","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{Scenario.CiAccount}}:root"},"Action":"ecr:*"},
          {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}]}
        """;

    public static IEnumerable<TheoryDataRow<string, string?, string, string, int, string>> Rows() =>
        [
            new("no repository policy", null, "", "", 2, "GitHub"),
            new("a statement denies", Denial, "", "", 2, "Azure"),
            new(
                "a repository that another account does not have",
                null,
                "EcrRepository",
                "not-yet-there",
                2,
                "TeamCity"
            ),
            new("a repository name that is not allowed", null, "EcrRepository", "Not-Allowed", 1, "GitLab"),
            new("a tag that is not allowed", null, "EcrImageTags", "-1", 1, "GitHub"),
            new("a profile that does not exist", null, "EcrProfile", "no-such", 1, "TeamCity"),
        ];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_check_at_the_command_line_says_what_the_build_says(
        string name,
        string? policy,
        string property,
        string value,
        int exitCode,
        string system
    )
    {
        await using var emulator = await Scenario.StartAsync(policy);
        var project = (await pushes.ProjectAsync()).WithAws(emulator, Scenario.Ci);
        // MSBuild takes variables for properties, and so build and tool get the same.
        if (property.Length > 0)
        {
            project.With(property, value);
        }

        using var pipeline = new PipelineSystem(system, project);
        var build = await project.PublishAsync("--no-restore");
        var toldByBuild = pipeline.TakeWhatItWasTold(build.Output);
        var check = await project.EcrAsync("check");
        var toldByTool = pipeline.TakeWhatItWasTold($"{check.Output}\n{check.Error}");
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
            // The build names the project, and at its end the folder of its files and the project file.
            var said = error["HelloApi.csproj : ".Length..error.LastIndexOf(" [", Ordinal)];
            var files = $": {Path.Combine("obj", "Release", "net10.0", "ecr")}";
            said = said.EndsWith(files, Ordinal)
                ? said[..(said.LastIndexOf(". ", said.Length - files.Length, Ordinal) + 1)]
                : said;
            check.Error.Split('\n').ShouldContain(said, $"{name}: {check}");
        }

        toldByTool.ShouldBe(toldByBuild, name);
        if (Annotations.TryGetValue(system, out var annotation))
        {
            toldByTool.ShouldStartWith(annotation);
        }
        else
        {
            toldByTool.ShouldBeEmpty();
        }

        toldByTool.Contains("### Error [ECR", Ordinal).ShouldBe(system is "GitHub" or "Azure", toldByTool);
    }

    private static readonly Dictionary<string, string> Annotations = new(StringComparer.Ordinal)
    {
        ["GitHub"] = "::error title=ECR",
        ["Azure"] = "##vso[task.logissue type=error;code=ECR",
        ["TeamCity"] = "##teamcity[buildProblem description='ECR",
    };

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
