using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr diagnose</c>: the output of a failed push in, its cause and what to do out.</summary>
internal static class DiagnoseCommand
{
    private static readonly JsonSerializerOptions OneLine = new()
    {
        // The answers are no part of a web page, and ARNs and quotation marks stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The output of a failed push, or a whole build log; - is standard input.",
            DefaultValueFactory = _ => InputFile.StandardInput,
        };
        // As it was called before there was --output.
        var json = new Option<bool>("--json") { Hidden = true };
        var jsonLines = new Option<bool>("--jsonl")
        {
            Description = "Read one JSON object {\"id\", \"text\"} per line, and print one JSON object per line.",
        };
        var command = new Command(
            "diagnose",
            "Explain from its output why a push failed, and what to do. Exit code 0: a cause was found; 1: no cause, or invalid input."
        )
        {
            file,
            json,
            jsonLines,
        };
        command.Reads(parsed =>
            Run(
                parsed.GetValue(file)!,
                parsed.GetValue(jsonLines) ? AnswerLines
                    : parsed.GetValue(json) || parsed.GetValue(GlobalOptions.Output) is OutputFormat.Json ? AnswerJson
                    : AnswerWords
            )
        );
        return command.WithExamples(
            "docker push 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api 2>&1 | dotnet ecr diagnose",
            "dotnet ecr diagnose build.log --output json"
        );
    }

    private static int Run(string file, Func<TextReader, TextWriter, bool> answer) =>
        InputFile.Read(
            file,
            "the output of a push",
            input =>
            {
                using var reader = new StreamReader(input, Encoding.UTF8);
                return answer(reader, Console.Out) ? ExitCode.Done : ExitCode.Error;
            }
        );

    private static bool AnswerWords(TextReader input, TextWriter output)
    {
        var reading = FailureText.Read(input);
        if (reading.Diagnostic is { } diagnostic)
        {
            output.WriteLine($"error {diagnostic.Code}: {diagnostic.Message}");
            foreach (var line in diagnostic.Details)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine($"  Help: {diagnostic.HelpLink}");
            return true;
        }

        output.WriteLine(reading.Cause);
        foreach (var remedy in reading.Remedies)
        {
            output.WriteLine($"  {remedy}");
        }

        return false;
    }

    private static bool AnswerJson(TextReader input, TextWriter output)
    {
        var reading = FailureText.Read(input);
        output.WriteLine(UntrustedText.ToJson(FailureJson.Write(reading).ToJsonString(Indented)));
        return reading.Code is not null;
    }

    private static bool AnswerLines(TextReader input, TextWriter output)
    {
        var wellFormed = true;
        foreach (var answer in FailureJsonLines.Answers(input))
        {
            output.WriteLine(UntrustedText.ToJson(answer.ToJsonString(OneLine)));
            wellFormed &= !answer.ContainsKey("error");
        }

        return wellFormed;
    }
}
