using System.Text.Json;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>A policy and the known facts about its repository.</summary>
/// <param name="Name">The source of the policy, as shown to users.</param>
/// <param name="Document">The policy; <see langword="null"/> when the repository has none.</param>
/// <param name="Owner">The account of the repository, if that is known.</param>
/// <param name="Partition">The partition of the registry, if that is known.</param>
internal sealed record PolicySource(
    string Name,
    PolicyDocument? Document,
    string? Owner,
    string? Partition,
    RegistryKind Kind
)
{
    public static async Task<PolicySource> ReadAsync(
        Invocation invocation,
        string? image,
        string? file,
        CancellationToken cancellationToken
    )
    {
        if (file is not null)
        {
            // The image, if given, identifies the account; AWS is not called.
            var registry = image is null ? null : RepositoryArgument.Parse(image, invocation.Settings).Registry;
            var document = ReadFile(file);
            return new(
                InputFile.NameOf(file),
                document,
                registry?.Account is { Length: > 0 } owner ? owner : null,
                registry?.Partition.Name,
                registry?.Kind ?? KindIn(document)
            );
        }

        var argument = await RepositoryArgument.ResolveAsync(invocation, image, cancellationToken);
        using var repository = await RepositoryAccess.OpenAsync(invocation, argument, cancellationToken);
        var text = await repository.GetPolicyAsync(cancellationToken);
        return new(
            repository.Name,
            text is null ? null : Parse(text, repository.Name),
            repository.Registry.Account,
            repository.Registry.Partition.Name,
            repository.Registry.Kind
        );
    }

    /// <exception cref="DiagnosedException">The text is not a valid policy.</exception>
    public static PolicyDocument Parse(string text, string name)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException failure)
        {
            throw Unreadable($"{name} does not contain a valid policy: {failure.Message}");
        }
    }

    /// <exception cref="DiagnosedException">The file cannot be read.</exception>
    public static string ReadText(string file) =>
        InputFile.Read(
            file,
            "a policy",
            input =>
            {
                using var reader = new StreamReader(input);
                return reader.ReadToEnd();
            }
        );

    /// <summary>The kind of registry that the actions of a policy are for.</summary>
    private static RegistryKind KindIn(PolicyDocument? policy) =>
        policy?.Statements.Any(statement => statement.Action.Patterns.Any(action => EcrActions.IsPublic(action)))
            is true
            ? RegistryKind.Public
            : RegistryKind.Private;

    public static DiagnosedException Unreadable(string message) => InputFile.Unreadable(message);

    private static PolicyDocument? ReadFile(string file)
    {
        var text = ReadText(file);
        try
        {
            using var json = JsonDocument.Parse(text);
            // The output of `aws ecr get-repository-policy` and our backups contain the policy as a string.
            if (
                json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("policyText", out var inner)
            )
            {
                return inner.ValueKind is JsonValueKind.Null ? null : Parse(inner.ToString(), InputFile.NameOf(file));
            }
        }
        catch (JsonException)
        {
            // The policy reader reports the error better.
        }

        return Parse(text, InputFile.NameOf(file));
    }
}
