using System.Xml.Linq;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Tests;
using EcrBuildTasks.RealParts;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>The files of the pipelines: right for their systems, and right for the package.</summary>
public sealed class PipelineFileTests
{
    private static readonly Mistake[] Mistakes =
    [
        new("github-actions", "runs-on:", "run-on:"),
        new("github-actions", "steps.push.outputs.image-uri", "steps.psh.outputs.image-uri"),
        new("github-actions", "id-token: write", "id-token: wrote"),
        new("gitlab-ci", "      aud: https://gitlab.com", "      audience: https://gitlab.com"),
        new("gitlab-ci", "extends: .aws", "extends: .azure"),
        new("azure-pipelines", "packageType: sdk", "packageTyp: sdk"),
        new("azure-pipelines", "inlineScript: dotnet build", "script: dotnet build"),
        new("azure-pipelines", "dependsOn: Push", "dependOn: Push"),
    ];

    private static readonly IReadOnlyList<PipelineSample> Checkable =
    [
        PipelineSample.Of("github-actions"),
        PipelineSample.Of("gitlab-ci"),
        PipelineSample.Of("azure-pipelines"),
    ];

    private static readonly Lazy<Task<IReadOnlyList<CheckedDocument>>> Checked = new(() =>
        CheckedDocument.CheckAsync(
            Checkable
                .Select(sample => (sample.Name, sample.Read()))
                .Concat(
                    Mistakes.Select(mistake => (mistake.Sample, mistake.In(PipelineSample.Of(mistake.Sample).Read())))
                )
        )
    );

    public static TheoryData<string> Samples => [.. PipelineSample.All.Select(sample => sample.Name)];

    public static TheoryData<int> MistakeNumbers => [.. Enumerable.Range(0, Mistakes.Length)];

    [Fact]
    public void A_pipeline_publishes_no_result_file_with_a_policy() =>
        PipelineSample
            .All.SelectMany(sample => sample.Read().Split('\n'))
            .Where(line =>
                line.Contains("/ecr/", StringComparison.Ordinal) && line.Contains("obj", StringComparison.Ordinal)
            )
            .ShouldAllBe(line => line.Contains("/ecr/push.json", StringComparison.Ordinal));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GitLabs_token_is_not_written_where_another_user_prepared_a_place_for_it(bool isLink)
    {
        var bash = RealPart.Find("bash");
        var job = $"{Guid.NewGuid():N}";
        var prepared = Directory.CreateTempSubdirectory("ecr-token-");
        var place = isLink
            ? Directory.CreateSymbolicLink($"/tmp/aws-{job}", prepared.FullName)
            : Directory.CreateDirectory($"/tmp/aws-{job}");
        try
        {
            var steps = (YamlSequenceNode)
                PipelineCommand.Yaml(PipelineSample.Of("gitlab-ci").Read())[".aws"]["before_script"];

            var result = await Cli.RunAsync(
                bash,
                ["-e", "-c", string.Join('\n', steps)],
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["CI_JOB_ID"] = job,
                    ["AWS_ID_TOKEN"] = "token",
                    ["AWS_WEB_IDENTITY_TOKEN_FILE"] = $"/tmp/aws-{job}/token",
                },
                cancellationToken: TestContext.Current.CancellationToken
            );

            result.ExitCode.ShouldNotBe(0);
            Directory.EnumerateFileSystemEntries(place.FullName).ShouldBeEmpty();
        }
        finally
        {
            place.Delete();
            prepared.Delete();
        }
    }

    [Fact]
    public async Task The_systems_own_parsers_and_schemas_find_nothing()
    {
        foreach (var (sample, result) in Checkable.Zip(await Checked.Value))
        {
            result.Findings.ShouldBeEmpty(sample.Name);
        }
    }

    [Theory]
    [MemberData(nameof(MistakeNumbers))]
    public async Task They_find_a_mistake(int number) =>
        (await Checked.Value)[Checkable.Count + number].Findings.ShouldNotBeEmpty($"{Mistakes[number]}");

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_asks_before_it_pushes_with_what_the_package_reads(string sample)
    {
        var targets = XDocument.Load(Path.Combine(SourceTree.Root, "build", "EcrBuildTasks.targets")).Root!;
        var commands = await PipelineCommand.OfAsync(PipelineSample.Of(sample));

        commands
            .Select(command => (command.Verb, command.Target))
            .ShouldBe([("build", "EcrPreflight"), ("publish", "PushToEcr")]);
        foreach (var command in commands)
        {
            targets.Elements("Target").Select(target => target.Attribute("Name")!.Value).ShouldContain(command.Target);
            command.Properties.ShouldBe(["EcrImageTags", "EcrIfTagExists"]);
            command.Properties.ShouldBeSubsetOf(ProductNames.Properties);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Its_scripts_are_scripts_of_Bash(string sample)
    {
        var scripts = await PipelineCommand.ScriptsAsync(PipelineSample.Of(sample));

        var result = await Cli.RunAsync(
            RealPart.Find("bash"),
            ["-n"],
            standardInput: string.Join('\n', scripts) + "\n",
            cancellationToken: TestContext.Current.CancellationToken
        );

        scripts.Count.ShouldBeGreaterThanOrEqualTo(2);
        result.EnsureSuccess().Error.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_holds_no_key(string sample)
    {
        var text = PipelineSample.Of(sample).Read();

        text.ShouldNotContain("AWS_ACCESS_KEY_ID");
        text.ShouldNotContain("AWS_SECRET_ACCESS_KEY");
        text.ShouldNotContain("secrets.");
    }

    [Fact]
    public void Each_action_of_GitHub_is_pinned_by_its_commit() =>
        Scalars(PipelineCommand.Yaml(PipelineSample.Of("github-actions").Read()), "uses")
            .ShouldAllBe(action => action.Length - action.LastIndexOf('@') == 41);

    [Fact]
    public void Of_GitHubs_jobs_only_the_one_that_pushes_may_do_anything()
    {
        var workflow = PipelineCommand.Yaml(PipelineSample.Of("github-actions").Read());

        NamesOf(workflow["permissions"]).ShouldBeEmpty();
        foreach (var (name, job) in ((YamlMappingNode)workflow["jobs"]).Children)
        {
            var permissions = ((YamlMappingNode)job).Children.TryGetValue("permissions", out var own) ? own : null;
            if ($"{name}" == "push")
            {
                permissions!.ToString().ShouldBe("{ { contents, read }, { id-token, write } }");
            }
            else
            {
                permissions.ShouldBeNull();
            }
        }
    }

    /// <summary>https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html, which has no schema that a package brings.</summary>
    [Fact]
    public void The_buildspec_has_the_shape_that_CodeBuild_documents()
    {
        var buildspec = (YamlMappingNode)PipelineCommand.Yaml(PipelineSample.Of("codebuild").Read());

        NamesOf(buildspec).ShouldBe(["version", "env", "phases"]);
        buildspec["version"].ToString().ShouldBe("0.2");
        NamesOf(buildspec["env"]).ShouldBeSubsetOf(["shell", "variables", "exported-variables"]);
        buildspec["env"]["shell"].ToString().ShouldBe("bash");
        NamesOf(buildspec["phases"]).ShouldBe(["install", "pre_build", "build"]);
        NamesOf(buildspec["phases"]["install"]).ShouldBe(["runtime-versions"]);
        buildspec["phases"]["install"]["runtime-versions"]["dotnet"].ToString().ShouldBe("10.0");
        foreach (var phase in (string[])["pre_build", "build"])
        {
            NamesOf(buildspec["phases"][phase]).ShouldBe(["commands"]);
            ((YamlSequenceNode)buildspec["phases"][phase]["commands"]).ShouldAllBe(command =>
                command is YamlScalarNode
            );
        }
    }

    private static IEnumerable<string> NamesOf(YamlNode map) =>
        ((YamlMappingNode)map).Children.Keys.Select(key => key.ToString());

    private static IReadOnlyList<string> Scalars(YamlNode node, string key) =>
        node switch
        {
            YamlMappingNode map =>
            [
                .. map.Children.SelectMany(pair =>
                    pair is { Key: YamlScalarNode { Value: var name }, Value: YamlScalarNode { Value: { } text } }
                    && name == key
                        ? [text]
                        : Scalars(pair.Value, key)
                ),
            ],
            YamlSequenceNode list => [.. list.Children.SelectMany(item => Scalars(item, key))],
            _ => [],
        };
}
