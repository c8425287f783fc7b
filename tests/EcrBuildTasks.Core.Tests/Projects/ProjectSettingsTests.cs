using EcrBuildTasks.Failures;
using EcrBuildTasks.Projects;

namespace EcrBuildTasks.Core.Tests.Projects;

public sealed class ProjectSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly string[] Known = ["EcrRegistry", "EcrRepository", "EcrImageTags", "EcrRegion"];

    private readonly string folder = Directory.CreateTempSubdirectory("ecr-settings-").FullName;

    [Theory]
    [InlineData("EcrRepositry", "EcrRepository")]
    [InlineData("ECRREGISTRYY", "EcrRegistry")]
    [InlineData("EcrImageTag", "EcrImageTags")]
    [InlineData("EcrColourOfTheSky", null)]
    public void A_misspelled_property_is_named_with_the_nearest_one(string misspelled, string? meant)
    {
        var project = Write("App.csproj", Project($"<{misspelled}>x</{misspelled}>"));

        var inFile = Check(project).ShouldHaveSingleItem();
        var global = Check(Write("App.csproj", Project("")), new() { [misspelled] = "x" }).ShouldHaveSingleItem();

        inFile.Severity.ShouldBe(DiagnosticSeverity.Warning);
        global.Severity.ShouldBe(DiagnosticSeverity.Error);
        foreach (var diagnostic in new[] { inFile, global })
        {
            diagnostic.Code.ShouldBe(EcrCode.PropertyUnknown);
            diagnostic.Message.ShouldContain(misspelled);
            diagnostic.Message.Contains("Did you mean", StringComparison.Ordinal).ShouldBe(meant is not null);
            diagnostic.Message.ShouldContain(meant ?? "");
        }
    }

    [Theory]
    [InlineData("EcrRegistry")]
    [InlineData("ecrregistry")]
    [InlineData("ContainerRepositry")]
    [InlineData("_EcrArchive")]
    [InlineData("EcrImageDigest")]
    public void Known_properties_and_those_of_others_are_valid(string name) =>
        Check(Write("App.csproj", Project($"<{name}>x</{name}>")), new() { [name] = "x" }).ShouldBeEmpty();

    [Fact]
    public void Directory_Build_props_and_the_lines_of_a_file_based_application_are_read_too()
    {
        var project = Write("App.csproj", Project("<EcrOne>a</EcrOne>", "<Target><EcrItem /></Target>"));
        var shared = Write("Directory.Build.props", Project("<EcrTwo>a</EcrTwo>"));
        var file = Write(
            "app.cs",
            "#:sdk X\n#:property EcrThree=a\n#:property  EcrRegion = b\n// #:property EcrFour=c\n"
        );

        var found = Check(project, None, $"{shared};{file};{Path.Combine(folder, "absent.props")}");

        found.Select(diagnostic => diagnostic.Message.Split(' ')[2]).ShouldBe(["EcrOne", "EcrTwo", "EcrThree"]);
    }

    [Theory]
    [InlineData("", "net8.0;net10.0", null, "ECR1006")]
    [InlineData("net10.0", "net8.0;net10.0", null, null)]
    [InlineData("net10.0", "", "it has no image", "ECR1007")]
    public void A_project_without_an_image_is_refused(
        string framework,
        string frameworks,
        string? noImage,
        string? code
    )
    {
        var request = Request(
            Write("App.csproj", Project("")),
            ("TargetFramework", framework),
            ("TargetFrameworks", frameworks),
            ("NoImage", noImage ?? "")
        );

        new ProjectSettings(request, None)
            .Check()
            .Select(diagnostic => diagnostic.Code.Id)
            .SingleOrDefault()
            .ShouldBe(code);
    }

    [Theory]
    [InlineData("ContainerRepository", "Microsoft.NET.Sdk.Web", "<OutputType>Exe</OutputType>", true)]
    [InlineData("EcrRepository", "Microsoft.NET.Sdk", "<OutputType>WinExe</OutputType>", true)]
    [InlineData("ContainerImageName", "Microsoft.NET.Sdk.Worker", "", true)]
    [InlineData("ContainerRepository", "Microsoft.NET.Sdk", "", false)]
    [InlineData("ContainerRegistry", "Microsoft.NET.Sdk.Web", "", false)]
    public void One_repository_for_several_applications_of_a_solution_is_refused(
        string property,
        string sdk,
        string other,
        bool isRefused
    )
    {
        var api = Write("Api.csproj", Project("<OutputType>Exe</OutputType>"));
        var second = Write(
            "Second.csproj",
            $"""<Project Sdk="{sdk}"><PropertyGroup>{other}</PropertyGroup></Project>"""
        );
        var library = Write("Library.csproj", Project(""));
        var invalid = Write("Invalid.csproj", "<Project>");
        var solution = string.Concat(
            new[] { api, second, library, invalid, Path.Combine(folder, "absent.csproj") }.Select(file =>
                $"""<ProjectConfiguration AbsolutePath="{file}">Release|AnyCPU</ProjectConfiguration>"""
            )
        );
        var globals = new Dictionary<string, string>
        {
            [property] = "hello-api",
            ["CurrentSolutionConfigurationContents"] = $"<SolutionConfiguration>{solution}</SolutionConfiguration>",
        };

        var found = Check(api, globals);

        found.Any(diagnostic => diagnostic.Code == EcrCode.PropertyValueInvalid).ShouldBe(isRefused);
        if (isRefused)
        {
            found[0].Message.ShouldContain("Api.csproj and Second.csproj");
        }
    }

    [Theory]
    [InlineData(false, "", true)]
    [InlineData(true, "", false)]
    [InlineData(false, "1.0", false)]
    public void Only_a_version_that_is_not_given_may_change(bool isGiven, string tag, bool mayChange)
    {
        var request = Request("App.csproj", ("Version", "1.0.0"), ("ContainerImageTag", tag));

        new ProjectSettings(
            request,
            isGiven ? new Dictionary<string, string> { ["Version"] = "1.0.0" } : None
        ).VersionMayChange.ShouldBe(mayChange);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static IReadOnlyList<EcrDiagnostic> Check(
        string project,
        Dictionary<string, string>? globals = null,
        string files = ""
    ) => [.. new ProjectSettings(Request(project, ("PropertyFiles", files)), globals ?? None).Check()];

    private static ProjectRequest Request(string project, params (string Name, string Value)[] metadata) =>
        new(
            project,
            Known
                .ToDictionary(name => name, _ => "")
                .Concat(metadata.Select(value => KeyValuePair.Create(value.Name, value.Value)))
                .ToDictionary()
        );

    private static string Project(string properties, string more = "") =>
        $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>{properties}</PropertyGroup>{more}</Project>""";

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
