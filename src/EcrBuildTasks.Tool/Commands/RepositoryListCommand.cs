using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Explaining;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;
using Spectre.Console;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr repository list</c>: the repositories, when each was pushed to last, and who can push.</summary>
internal static class RepositoryListCommand
{
    private const string NotKnown = "unknown";

    public static Command Create()
    {
        var registry = new Argument<string?>("REGISTRY")
        {
            Description = "The registry host. Default: your own registry.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Command("list", "List the repositories of a registry, and which other accounts can push.")
        {
            registry,
        }
            .Does(
                async (invocation, cancellationToken) =>
                {
                    var host = invocation.Get(registry);
                    var (found, session) = await RepositoryAccess.OpenAsync(
                        invocation,
                        host is null ? null : EcrRegistry.Parse(host),
                        invocation.Settings,
                        cancellationToken
                    );
                    Print(
                        await ListedRepository.AllOfAsync(found, session, cancellationToken),
                        found,
                        invocation.Output
                    );
                    return ExitCode.Done;
                }
            )
            .WithExamples(
                "dotnet ecr repository list --region eu-west-1",
                "dotnet ecr repository list --output json | jq '.[] | select(.policy == \"None\") | .name'"
            );
    }

    private static void Print(IReadOnlyList<ListedRepository> repositories, EcrRegistry registry, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Write(new JsonArray([.. repositories.Select(Json)]));
            return;
        }

        if (repositories.Count == 0)
        {
            output.Note($"{registry.Host} has no repositories.");
            return;
        }

        output.Write(registry.Host);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Repository", "Tags", "Last pushed", "Can push under its policy");
        foreach (var repository in repositories)
        {
            table.AddRow(
                ToolOutput.Cell(repository.Repository.RepositoryName ?? ""),
                ToolOutput.Cell(Tags(repository)),
                ToolOutput.Cell(LastPush(repository)),
                ToolOutput.Cell(
                    Pushers(repository),
                    new Style(repository.Policy is Presence.NotSeen ? Palette.Doubtful : null)
                )
            );
        }

        output.Write(table);
    }

    private static string Tags(ListedRepository repository) =>
        (Mutability(repository) ?? NotKnown).ToLowerInvariant().Replace('_', ' ');

    /// <summary>In public registries all tags are mutable, and AWS does not report it.</summary>
    private static string? Mutability(ListedRepository repository) =>
        repository.Repository.ImageTagMutability
        ?? (Arn.Parse(repository.Repository.RepositoryArn) is { IsPublic: true } ? ImageTagMutability.MUTABLE : null);

    private static string LastPush(ListedRepository repository) =>
        repository switch
        {
            { IsLastPushSeen: false } => NotKnown,
            { LastPush: { } at } => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
            _ => "never",
        };

    private static string Pushers(ListedRepository repository)
    {
        if (repository.Explanation is not { } explanation)
        {
            return repository.Policy is Presence.Absent ? "no policy" : NotKnown;
        }

        string[] pushers = [.. explanation.Pushers.Where(MayPush).Select(PrincipalWords.Short)];
        return pushers.Length == 0 ? "no one" : string.Join(", ", pushers);
    }

    private static bool MayPush(Pusher pusher) => pusher.Missing.Count == 0;

    private static JsonObject Json(ListedRepository repository) =>
        new()
        {
            ["name"] = repository.Repository.RepositoryName,
            ["uri"] = repository.Repository.RepositoryUri,
            ["tagMutability"] = Mutability(repository),
            ["lastPushed"] = repository.LastPush?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["lastPushedIsKnown"] = repository.IsLastPushSeen,
            ["policy"] = repository.Policy switch
            {
                Presence.Present => "Present",
                Presence.Absent => "None",
                _ => "Unknown",
            },
            ["pushers"] = new JsonArray([
                .. (repository.Explanation?.Pushers ?? []).Where(MayPush).Select(ExplanationJson.Pusher),
            ]),
        };
}
