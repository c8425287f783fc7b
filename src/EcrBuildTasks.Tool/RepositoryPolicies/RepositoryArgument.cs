using System.CommandLine;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>The repository argument of a command.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for the caller's own.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Identity">The identity for calls to AWS.</param>
internal sealed record RepositoryArgument(EcrRegistry? Registry, string Repository, AwsSettings Identity)
{
    /// <summary>The argument, as every command about one repository has it.</summary>
    public static Argument<string?> Create() =>
        new("IMAGE")
        {
            Description =
                "host/repository, or repository for your own registry; a tag is ignored. Default: the repository of the project in this folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };

    public static RepositoryArgument Parse(string text, AwsSettings identity)
    {
        var image = ImageName.Parse(text);
        return FromAddress(image.Registry, image.Repository, identity);
    }

    /// <summary>The argument, or else the repository and identity of the project in the current folder.</summary>
    /// <exception cref="DiagnosedException">No repository or more than one is specified.</exception>
    public static async Task<RepositoryArgument> ResolveAsync(
        Invocation invocation,
        string? text,
        CancellationToken cancellationToken
    )
    {
        if (text is not null)
        {
            return Parse(text, invocation.Settings);
        }

        return FromProject(
            await ProjectProperties.ReadAsync(Directory.GetCurrentDirectory(), invocation.Settings, cancellationToken)
        );
    }

    /// <exception cref="DiagnosedException">The project names several repositories.</exception>
    public static RepositoryArgument FromProject(ProjectRequest project) =>
        project.Registries is [] or [_]
            ? FromAddress(project.Registries is [var only] ? only : null, project.Repository, project.Identity)
            : throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.ImageNotNamed,
                    $"The project in this folder pushes to several registries: {string.Join(", ", project.Registries)}. Specify one as host/repository."
                )
            );

    private static RepositoryArgument FromAddress(string? registry, string repository, AwsSettings identity)
    {
        var address = RepositoryAddress.Parse(registry, repository);
        return new(address.Registry, address.Repository, identity);
    }
}
