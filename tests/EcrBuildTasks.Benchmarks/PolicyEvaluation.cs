using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Policies;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Tool.Cases;

namespace EcrBuildTasks.Benchmarks;

/// <summary>How fast cases are decided: parsed, on one processor, and through the command with all that belongs to it.</summary>
internal static class PolicyEvaluation
{
    private const int CasesForTheCommand = 10_000;
    private const int Rounds = 7;

    public static async Task ReportAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "policy-cases.jsonl"));
        // A key that is not known is settled by trying every value that makes a difference: another thing to measure.
        var isKnown = lines.ToLookup(line => !line.Contains("\"unknownContext\"", StringComparison.Ordinal));
        ReportEvaluations("cases whose context is known", [.. isKnown[true]]);
        ReportEvaluations("cases with unknown keys", [.. isKnown[false]]);
        await ReportCommandAsync(lines);
    }

    private static void ReportEvaluations(string which, string[] lines)
    {
        var texts = lines.Select(Encoding.UTF8.GetBytes).ToArray();
        var cases = texts.Select(text => CaseReader.Read(text)).ToArray();
        var (evaluate, parse) = (new List<double>(), new List<double>());
        // More rounds than are counted: the code has to be compiled for good first.
        for (var round = -Rounds; round < Rounds; round++)
        {
            Add(evaluate, round, PerSecond(cases, one => PolicyEvaluator.Evaluate(one.Request, one.Policies)));
            Add(parse, round, PerSecond(texts, text => JsonDocument.Parse(text).Dispose()));
        }

        Console.WriteLine($"evaluations a second, parsed {which}, one processor: {Median(evaluate):N0}");
        Console.WriteLine($"  JsonDocument.Parse of the same cases: {Median(parse):N0}");
    }

    private static double PerSecond<T>(T[] items, Action<T> act)
    {
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (watch.ElapsedMilliseconds < 300)
        {
            foreach (var item in items)
            {
                act(item);
            }

            count += items.Length;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task ReportCommandAsync(string[] lines)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(
                file,
                Enumerable
                    .Range(0, CasesForTheCommand)
                    .Select(i =>
                        lines[i % lines.Length].Replace("{\"id\":\"", $"{{\"id\":\"{i}-", StringComparison.Ordinal)
                    )
            );
            var tool = Path.Combine(AppContext.BaseDirectory, "dotnet-ecr.dll");
            var (ours, peer) = (new List<double>(), new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                Add(ours, round, await SecondsAsync("dotnet", "exec", tool, "policy", "evaluate", file));
                Add(peer, round, await SecondsAsync("jq", "-c", ".id", file));
            }

            Console.WriteLine($"dotnet ecr policy evaluate, {CasesForTheCommand:N0} cases: {Median(ours):F3}");
            Console.WriteLine($"  jq -c .id of the same file: {Median(peer):F3}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<double> SecondsAsync(string program, params string[] arguments) =>
        (await Cli.RunAsync(program, arguments)).EnsureSuccess().Elapsed.TotalSeconds;

    private static void Add(List<double> values, int round, double value)
    {
        if (round >= 0)
        {
            values.Add(value);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
