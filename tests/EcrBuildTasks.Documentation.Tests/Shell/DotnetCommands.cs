using System.Text.RegularExpressions;
using EcrBuildTasks.Documentation.Tests.Markdown;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>Commands of the .NET SDK: that they exist, and that they name targets, properties and projects that exist.</summary>
internal static partial class DotnetCommands
{
    private static readonly string[] Verbs =
    [
        "add",
        "build",
        "msbuild",
        "new",
        "nuget",
        "pack",
        "publish",
        "restore",
        "run",
        "test",
        "tool",
        "--version",
    ];

    // Targets of the .NET SDK.
    private static readonly string[] OtherTargets = ["PublishContainer", "Publish", "Build"];

    public static IReadOnlyList<string> Mistakes(string[] arguments)
    {
        if (arguments is ["ecr", .. var ofTool])
        {
            return ProductCommands.MistakesOfTool(ofTool);
        }

        if (arguments.Length == 0 || !Verbs.Contains(arguments[0]))
        {
            return [$"'dotnet {string.Join(' ', arguments)}' begins with no command that the tests know"];
        }

        return [.. arguments.Skip(1).SelectMany(MistakeIn), .. MistakesOfRun(arguments)];
    }

    private static IReadOnlyList<string> MistakesOfRun(string[] arguments)
    {
        if (arguments is not ["run", "--project", var project, ..])
        {
            return [];
        }

        string[] own = [.. arguments.SkipWhile(argument => argument != "--").Skip(1)];
        return project switch
        {
            "src/EcrBuildTasks.Tool" => ProductCommands.MistakesOfTool(own),
            "src/EcrBuildTasks.Emulator.Tool" => ProductCommands.MistakesOfEmulator(own),
            _ => [],
        };
    }

    private static IEnumerable<string> MistakeIn(string argument)
    {
        if (Target().Match(argument) is { Success: true } targets)
        {
            foreach (var target in targets.Groups["names"].Value.Split(';'))
            {
                if (!ProductNames.Targets.Contains(target) && !OtherTargets.Contains(target))
                {
                    yield return $"there is no target {target}";
                }
            }
        }
        else if (Property().Match(argument) is { Success: true } property)
        {
            if (ProductNames.MistakeIn(property.Groups["name"].Value, property.Groups["value"].Value) is { } mistake)
            {
                yield return mistake;
            }
        }
        else if (InRepository().IsMatch(argument) && !Path.Exists(DocumentationPages.InTree(argument)))
        {
            yield return $"there is no {argument}";
        }
    }

    [GeneratedRegex("^[-/]t(arget)?:(?<names>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Target();

    [GeneratedRegex("^-p:(?<name>[^=]+)=(?<value>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Property();

    // The folders of the pages' examples are of those who read them.
    [GeneratedRegex(
        "^(src/EcrBuildTasks|tests/|samples/|demo)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex InRepository();
}
