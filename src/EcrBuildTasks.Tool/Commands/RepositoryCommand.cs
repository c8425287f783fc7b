using System.CommandLine;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr repository</c>: the repositories of a registry.</summary>
internal static class RepositoryCommand
{
    public static Command Create() =>
        new("repository", "Create and list repositories.")
        {
            RepositoryCreateCommand.Create(),
            RepositoryListCommand.Create(),
        };
}
