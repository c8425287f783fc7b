using EcrBuildTasks.Emulator;

namespace EcrBuildTasks.Documentation.Tests.Shell;

/// <summary>The environment of somebody who follows a page with an emulator, whatever AWS settings this machine has.</summary>
internal static class AwsVariables
{
    public static Dictionary<string, string?> For(EcrEmulator emulator, params IEnumerable<string> exports)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_PROFILE"] = null,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_REGION"] = null,
            ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["NO_PROXY"] = "127.0.0.1",
        };
        foreach (var export in exports)
        {
            var name = export.Split('=')[0];
            variables[name] = export[(name.Length + 1)..];
        }

        // The page's port may be taken.
        variables["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString();
        return variables;
    }

    /// <summary>What the commands of a page export, as <c>NAME=value</c>.</summary>
    public static IEnumerable<string> ExportedBy(IEnumerable<ShellCommand> commands) =>
        commands.Where(command => command.Program == "export").SelectMany(command => command.Arguments);
}
