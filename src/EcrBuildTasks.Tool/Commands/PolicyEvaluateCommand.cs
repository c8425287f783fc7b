using System.CommandLine;
using EcrBuildTasks.Tool.Cases;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy evaluate</c>: reads authorization cases and writes answers, one per line.</summary>
internal static class PolicyEvaluateCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A file with authorization cases, one JSON object per line; - for standard input.",
            DefaultValueFactory = _ => InputFile.StandardInput,
        };
        var expect = new Option<bool>("--expect")
        {
            Description = "Compare each answer with the \"expected\" field of its case and print only differences.",
        };
        var command = new Command(
            "evaluate",
            "Evaluate authorization cases like IAM: verdict, deciding statement and, for a denial, the statements that fix it."
        )
        {
            file,
            expect,
        };
        command.Reads(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(expect)));
        return command.WithExamples(
            "dotnet ecr policy evaluate cases.jsonl",
            "dotnet ecr policy evaluate --expect cases.jsonl"
        );
    }

    private static int Run(string file, bool expect) =>
        InputFile.Read(
            file,
            "authorization cases",
            input =>
            {
                using var output = Console.OpenStandardOutput();
                return expect ? Compare(input, output) : Answer(input, output);
            }
        );

    private static int Answer(Stream input, Stream output) =>
        CaseRun.Run(input, output, () => new AnswerReport()) is { Malformed: 0 } ? 0 : 1;

    private static int Compare(Stream input, Stream output)
    {
        var count = CaseRun.Run(input, output, () => new ExpectationReport());
        using var writer = new StreamWriter(output);
        writer.WriteLine(
            $"{count.Total} {(count.Total == 1 ? "case" : "cases")}: {count.Right} as expected, {count.Wrong} not"
                + (count.Malformed > 0 ? $", {count.Malformed} malformed" : "")
        );
        // A run without cases is not a success.
        return count is { Right: > 0, Wrong: 0, Malformed: 0 } ? 0 : 1;
    }
}
