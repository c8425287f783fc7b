using System.Text.Json;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>A policy that was read, and what is known of where it stands.</summary>
/// <param name="Name">Where it was read from, for people.</param>
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
    private const string StandardInput = "-";

    public static async Task<PolicySource> ReadAsync(
        Invocation invocation,
        string? image,
        string? file,
        CancellationToken cancellationToken
    )
    {
        if (file is not null)
        {
            // The image, if there is one, tells whose policy it will be; AWS is not asked.
            var registry = image is null ? null : RepositoryArgument.Parse(image, invocation.Settings).Registry;
            var document = await ReadFileAsync(file, cancellationToken);
            return new(
                file is StandardInput ? "standard input" : file,
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

    /// <exception cref="DiagnosedException">The text is no policy.</exception>
    public static PolicyDocument Parse(string text, string name)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException failure)
        {
            throw Unreadable($"{name} holds no policy: {failure.Message}");
        }
    }

    /// <exception cref="DiagnosedException">The file cannot be read.</exception>
    public static async Task<string> ReadTextAsync(string file, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
        {
            throw Unreadable($"{file} is a folder, not a file with a policy.");
        }

        try
        {
            return file is StandardInput
                ? await Console.In.ReadToEndAsync(cancellationToken)
                : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"{file}: {failure.Message}");
        }
    }

    /// <summary>What the actions of a policy tell of the registry that it was written for.</summary>
    private static RegistryKind KindIn(PolicyDocument? policy) =>
        policy?.Statements.Any(statement => statement.Action.Patterns.Any(action => EcrActions.IsPublic(action)))
            is true
            ? RegistryKind.Public
            : RegistryKind.Private;

    public static DiagnosedException Unreadable(string message) =>
        new(EcrDiagnostic.Error(EcrCode.PolicyUnreadable, message));

    private static async Task<PolicyDocument?> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        var text = await ReadTextAsync(file, cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(text);
            // The answer of `aws ecr get-repository-policy`, and our own backups, hold the policy as a text.
            if (
                json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("policyText", out var inner)
            )
            {
                return inner.ValueKind is JsonValueKind.Null ? null : Parse(inner.ToString(), file);
            }
        }
        catch (JsonException)
        {
            // The reader of policies says better what is wrong.
        }

        return Parse(text, file);
    }
}
