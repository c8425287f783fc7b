using EcrBuildTasks.Core.Tests.Preflight;
using EcrBuildTasks.Failures;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Core.Tests.Reporting;

/// <summary>Denials as the terminal logger of MSBuild shows them: indented by 6, and broken at the edge of the terminal.</summary>
public sealed class DenialLayoutTests : IReportSink, IDisposable
{
    private const string OnlyReads = """
        {"Version":"2012-10-17","Statement":[{"Sid":"Reads","Effect":"Allow","Principal":{"AWS":"111122223333"},
          "Action":["ecr:BatchCheckLayerAvailability","ecr:DescribeRepositories","ecr:GetRepositoryPolicy"]}]}
        """;

    private const string Denies = """
        {"Version":"2012-10-17","Statement":[
          {"Sid":"All","Effect":"Allow","Principal":"*","Action":"ecr:*"},
          {"Sid":"NoPush","Effect":"Deny","Principal":"*","Action":["ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart"]}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ecr-layout-").FullName;
    private readonly List<EcrDiagnostic> _diagnostics = [];

    public bool BreaksLines { get; private set; } = true;

    [Theory]
    [InlineData(OnlyReads, "ecr:*", false, 12)]
    [InlineData(null, "ecr:*", false, 16)]
    [InlineData(Denies, "ecr:*", false, 16)]
    [InlineData(null, "ecr:GetAuthorizationToken ecr:Describe*", true, 16)]
    [InlineData(null, "ecr:Describe*", true, 16)]
    public async Task A_denial_is_short_and_what_is_pasted_fits_into_80_columns(
        string? policy,
        string identityActions,
        bool isOwner,
        int lines
    )
    {
        await ReportAsync(policy, identityActions, isOwner);

        _diagnostics.ShouldNotBeEmpty();
        foreach (var denial in _diagnostics)
        {
            Lines(denial, columns: 100).Count.ShouldBeLessThanOrEqualTo(lines, Rendered(denial, columns: 100));
            denial.Message.ShouldEndWith(": obj/Release/net10.0/ecr", customMessage: denial.ToString());
            denial
                .Details.Where(line => line.StartsWith("  ") || line.Contains("dotnet ecr "))
                .ShouldAllBe(line => line.Length <= 74, denial.ToString());
        }
    }

    [Fact]
    public async Task The_simple_and_the_longest_case_at_100_and_at_80_columns()
    {
        var simple = await ReportOneAsync(OnlyReads);
        _diagnostics.Clear();
        var longest = await ReportOneAsync(null);

        Snapshot.Match(
            "denial-layout",
            Rendered(simple, columns: 100),
            Rendered(simple, columns: 80),
            Rendered(longest, columns: 100),
            Rendered(longest, columns: 80)
        );
    }

    [Theory]
    [InlineData(OnlyReads, 12)]
    [InlineData(null, 16)]
    public async Task Where_lines_are_not_broken_the_command_can_be_run_anywhere(string? policy, int lines)
    {
        BreaksLines = false;

        var denial = await ReportOneAsync(policy);

        denial
            .Details[^1]
            .ShouldEndWith(
                $"dotnet ecr policy fix {PreflightScene.Request().Registry}/hello-api --principal {PreflightScene.Session} --apply"
            );
        $"HelloApi.csproj : error {denial}"
            .Split('\n')
            .Sum(line => (line.Length + 2 + 99) / 100)
            .ShouldBeLessThanOrEqualTo(lines, denial.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void IReportSink.Write(EcrDiagnostic diagnostic) => _diagnostics.Add(diagnostic);

    void IReportSink.WriteResults(IReadOnlyList<ReportLine> lines) { }

    void IReportSink.WriteDetail(string line) { }

    void IReportSink.WriteCommand(string command, bool isReadFromStandardError) { }

    private async Task<EcrDiagnostic> ReportOneAsync(string? policy)
    {
        await ReportAsync(policy, "ecr:*", isOwner: false);
        return _diagnostics.ShouldHaveSingleItem();
    }

    private async Task ReportAsync(string? policy, string identityActions, bool isOwner)
    {
        await using var scene = await PreflightScene.OpenAsync(
            policy,
            identityActions,
            isOwner ? PreflightScene.Owner : PreflightScene.OtherAccount
        );
        new Reporter(this, EnvironmentVariables.None).Report(
            await scene.PreflightAsync(),
            new ResultFolder(_folder, "obj/Release/net10.0/ecr")
        );
    }

    private static string Rendered(EcrDiagnostic denial, int columns) => string.Join('\n', Lines(denial, columns));

    private static IReadOnlyList<string> Lines(EcrDiagnostic denial, int columns) =>
        [
            $"    HelloApi.csproj : error {denial.Code}:",
            .. denial
                .Details.Prepend(denial.Message)
                .SelectMany(line => line.Chunk(columns - 6))
                .Select(part => $"      {new string(part)}".TrimEnd()),
        ];
}
