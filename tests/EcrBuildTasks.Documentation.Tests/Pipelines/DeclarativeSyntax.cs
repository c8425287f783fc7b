using System.Text.Json.Nodes;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>
/// The syntax of Jenkins's declarative pipelines, as https://www.jenkins.io/doc/book/pipeline/syntax/ has it, with the options and steps
/// that the samples use. Only a running Jenkins has more, as its plugins say.
/// </summary>
internal static class DeclarativeSyntax
{
    private static readonly string[] InStage = ["steps", "stages", "parallel", "matrix"];

    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Blocks = new(
        StringComparer.Ordinal
    )
    {
        ["pipeline"] = (
            ["agent", "stages"],
            ["environment", "options", "parameters", "triggers", "tools", "libraries", "post"]
        ),
        ["agent"] = ([], ["label", "node", "docker", "dockerfile"]),
        ["docker"] = (
            ["image"],
            ["label", "args", "customWorkspace", "reuseNode", "alwaysPull", "registryUrl", "registryCredentialsId"]
        ),
        ["options"] = ([], ["buildDiscarder", "disableConcurrentBuilds", "retry", "timeout", "timestamps"]),
        ["stages"] = (["stage"], []),
        ["parallel"] = (["stage"], []),
        ["stage"] = ([], ["agent", "environment", "options", "tools", "input", "when", "post", "failFast", .. InStage]),
        ["post"] = (
            [],
            [
                "always",
                "changed",
                "fixed",
                "regression",
                "aborted",
                "failure",
                "success",
                "unstable",
                "unsuccessful",
                "cleanup",
            ]
        ),
    };

    /// <summary>The parameters of options and steps: those that have to be given, and all others.</summary>
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Parameters = new(
        StringComparer.Ordinal
    )
    {
        ["disableConcurrentBuilds"] = ([], ["abortPrevious"]),
        ["timeout"] = (["time"], ["unit", "activity"]),
        ["sh"] = (["script"], ["encoding", "label", "returnStatus", "returnStdout"]),
        ["withCredentials"] = (["bindings"], []),
        ["file"] = (["credentialsId", "variable"], []),
        ["archiveArtifacts"] = (
            ["artifacts"],
            [
                "allowEmptyArchive",
                "caseSensitive",
                "defaultExcludes",
                "excludes",
                "fingerprint",
                "followSymlinks",
                "onlyIfSuccessful",
            ]
        ),
    };

    /// <summary>What is wrong with a Jenkinsfile.</summary>
    public static IReadOnlyList<string> Check(Jenkinsfile file) =>
        file.Calls switch
        {
            null => [file.Error!],
            [{ Name: "pipeline", Body: not null } pipeline] => [.. CheckBlock(pipeline)],
            _ => ["There is not exactly one block, pipeline { … }."],
        };

    private static IEnumerable<string> CheckBlock(JenkinsCall block)
    {
        var (required, optional) = Blocks[block.Name];
        foreach (var missing in required.Except(block.Names))
        {
            yield return $"{block.Name}: {missing} is missing";
        }

        foreach (var unknown in block.Names.Except([.. required, .. optional]))
        {
            yield return $"{block.Name}: {unknown} is not expected here";
        }

        foreach (var repeated in block.Names.Where(name => name != "stage").CountBy(name => name))
        {
            if (repeated.Value > 1)
            {
                yield return $"{block.Name}: {repeated.Key} is there {repeated.Value} times";
            }
        }

        if (block.Body is [])
        {
            yield return $"{block.Name}: is empty";
        }

        foreach (var finding in block.Body!.SelectMany(inner => CheckInner(block, inner)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> CheckInner(JenkinsCall block, JenkinsCall inner) =>
        inner switch
        {
            { Assigned: true } => [$"{block.Name}: {inner.Name} cannot be assigned here"],
            { Name: "agent", Body: null } => inner.Arguments is [JsonValue word] && (string?)word is "any" or "none"
                ? []
                : ["agent: is neither any nor none nor a block"],
            { Name: "stage" } => [.. CheckStage(inner)],
            { Name: "steps" } => CheckSteps(inner),
            { Name: "environment" } => CheckVariables(inner),
            _ when block.Name == "post" => CheckSteps(inner),
            _ when block.Name == "options" => CheckParameters(inner),
            { Body: not null } when Blocks.ContainsKey(inner.Name) => CheckBlock(inner),
            { Body: null, Arguments.Count: 1 } when block.Name is "agent" or "docker" => [],
            _ => [$"{inner.Name}: is not a block that is known"],
        };

    private static IEnumerable<string> CheckStage(JenkinsCall stage)
    {
        if (stage is not { Arguments: [JsonValue name], Body: not null } || string.IsNullOrEmpty((string?)name))
        {
            return ["stage: has no name, or no braces"];
        }

        return stage.Names.Count(InStage.Contains) == 1
            ? CheckBlock(stage)
            : [$"stage {name}: does not have exactly one of {string.Join(", ", InStage)}", .. CheckBlock(stage)];
    }

    private static IEnumerable<string> CheckVariables(JenkinsCall environment) =>
        (environment.Body ?? [])
            .Where(variable => !variable.Assigned)
            .Select(variable => $"environment: {variable.Name} is not assigned");

    private static IEnumerable<string> CheckSteps(JenkinsCall block) =>
        block.Body is null or [] ? [$"{block.Name}: has no step"] : block.Body.SelectMany(CheckStep);

    private static IEnumerable<string> CheckStep(JenkinsCall step) =>
        [.. CheckParameters(step), .. (step.Body ?? []).SelectMany(CheckStep)];

    private static IEnumerable<string> CheckParameters(JenkinsCall call)
    {
        if (call.Assigned || !Parameters.TryGetValue(call.Name, out var parameters))
        {
            return [$"{call.Name}: is neither a step nor an option that is known"];
        }

        // A single value without a name is that of the one parameter that has to be given.
        var given = call.Arguments switch
        {
            [] => [],
            [JsonObject named] => named.Select(argument => argument.Key),
            [_] => parameters.Required.Take(1),
            _ => ["…"],
        };
        return
        [
            .. parameters.Required.Except(given).Select(missing => $"{call.Name}: {missing} is missing"),
            .. given
                .Except([.. parameters.Required, .. parameters.Optional])
                .Select(unknown => $"{call.Name}: {unknown} is not expected here"),
            .. call.Arguments.OfType<JsonArray>().SelectMany(list => list).SelectMany(CheckBinding),
        ];
    }

    private static IEnumerable<string> CheckBinding(JsonNode? binding) =>
        CheckParameters(
            new((string)binding!["name"]!, [.. binding["arguments"]!.AsArray()], Body: null, Assigned: false)
        );
}
