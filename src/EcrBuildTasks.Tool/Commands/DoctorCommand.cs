using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Doctor;
using Spectre.Console;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr doctor</c>: whether this machine has everything that a push requires.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Argument<string?> Registry = new("REGISTRY")
    {
        Description =
            "The registry host. Default: the registry of the project in this folder, or the registry of your account in your region.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() =>
        new Command(
            "doctor",
            "Check everything that a push requires: credentials, clock, network, engine, SDK. Exit code 0: no problem; 1: at least one problem."
        )
        {
            Registry,
        }
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr doctor",
                "dotnet ecr doctor public.ecr.aws",
                "dotnet ecr doctor --profile ci --output json"
            );

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var project = invocation.Get(Registry) is { } host
            ? new ProjectHere(EcrRegistry.Parse(host), invocation.Settings, null)
            : await ProjectHere.FindAsync(invocation.Settings, cancellationToken);
        using var place = new Surroundings(invocation.Identities, project.Settings, project.Registry)
        {
            IsRegionOfProject = invocation.Settings.Region is null,
        };
        (string Name, Finding)[] findings =
        [
            .. project.Finding is { } finding ? [("Project", finding)] : Array.Empty<(string, Finding)>(),
            .. await Task.WhenAll(
                Check.All.Select(async check => (check.Name, await check.RunAsync(place, Patience, cancellationToken)))
            ),
        ];
        if (invocation.Output.IsJson)
        {
            invocation.Output.Write(new JsonArray([.. findings.Select(found => Json(found.Name, found.Item2))]));
        }
        else
        {
            invocation.Output.Write(TableOf(findings));
            // Outside the table, which would wrap them.
            foreach (var help in findings.Select(found => found.Item2.Help).OfType<Uri>().Distinct())
            {
                invocation.Output.Write($"  Help: {help}");
            }
        }

        return findings.Any(found => found.Item2.State is FindingState.Problem) ? ExitCode.Error : ExitCode.Done;
    }

    private static JsonObject Json(string name, Finding finding) =>
        new()
        {
            ["check"] = name,
            ["state"] = Word(finding.State),
            ["found"] = finding.Found,
            ["remedy"] = finding.Remedy,
            ["help"] = finding.Help?.ToString(),
        };

    private static Table TableOf(IEnumerable<(string Name, Finding Finding)> findings)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Check", "State", "Result and remedy");
        foreach (var (name, finding) in findings)
        {
            table.AddRow(
                ToolOutput.Cell(name),
                ToolOutput.Cell(Word(finding.State), new Style(ColorOf(finding.State))),
                ToolOutput.Cell(finding.Remedy is null ? finding.Found : $"{finding.Found}\n→ {finding.Remedy}")
            );
        }

        return table;
    }

    private static string Word(FindingState state) =>
        state switch
        {
            FindingState.Ok => "ok",
            FindingState.Warning => "warning",
            _ => "problem",
        };

    private static Color ColorOf(FindingState state) =>
        state switch
        {
            FindingState.Ok => Palette.Good,
            FindingState.Warning => Palette.Doubtful,
            _ => Palette.Bad,
        };
}
