using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The default help followed by examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        if (CommandAction.Examples.TryGetValue(parseResult.CommandResult.Command, out var examples))
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Documentation: {EcrCode.Documentation}");
        }

        return result;
    }
}
