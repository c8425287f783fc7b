using System.Globalization;

namespace EcrBuildTasks.Benchmarks.Pushes;

/// <summary>What the command line asks for.</summary>
internal sealed record PushOptions
{
    /// <summary>The parts to run, all of them unless some are named.</summary>
    public IReadOnlyList<string> Parts { get; private init; } = [];

    /// <summary>How often each push is measured.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>The folder where registries keep what is pushed, the same for all; the temporary folder by default.</summary>
    public string? Storage { get; private init; }

    /// <summary>The bytes of the huge layer.</summary>
    public long HugeLength { get; private init; } = 10_000_000_000;

    public static PushOptions Parse(ReadOnlySpan<string> arguments) =>
        arguments switch
        {
            [] => new(),
            ["--rounds", var rounds, .. var rest] => Parse(rest) with { Rounds = int.Parse(rounds) },
            ["--storage", var folder, .. var rest] => Parse(rest) with { Storage = folder },
            ["--huge-bytes", var length, .. var rest] => Parse(rest) with
            {
                HugeLength = long.Parse(length, CultureInfo.InvariantCulture),
            },
            [var part, .. var rest] => Parse(rest) is var options
                ? options with
                {
                    Parts = [part, .. options.Parts],
                }
                : throw new InvalidOperationException(),
        };
}
