using System.CommandLine;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.RepositoryPolicies;

/// <summary>The repository that a command is about.</summary>
/// <param name="Registry">The registry; <see langword="null"/> for the caller's own.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Identity">As whom AWS is asked about it.</param>
internal sealed record RepositoryArgument(EcrRegistry? Registry, string Repository, AwsSettings Identity)
{
    /// <summary>The argument, as every command about one repository has it.</summary>
    public static Argument<string?> Create() =>
        new("IMAGE")
        {
            Description =
                "host/repository, or repository in your own registry; a tag is ignored. Without it, what the project here says.",
            Arity = ArgumentArity.ZeroOrOne,
        };

    public static RepositoryArgument Parse(string text, AwsSettings identity)
    {
        var image = ImageName.Parse(text);
        return Of(image.Registry, image.Repository, identity);
    }

    /// <summary>What was written, or what the project in the current folder says, of the identity too.</summary>
    /// <exception cref="DiagnosedException">No repository is named, or several are.</exception>
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
            ? Of(project.Registries is [var only] ? only : null, project.Repository, project.Identity)
            : throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.ImageNotNamed,
                    $"The project here pushes to several registries: {string.Join(", ", project.Registries)}. Name one: host/repository."
                )
            );

    private static RepositoryArgument Of(string? registry, string repository, AwsSettings identity)
    {
        var address = RepositoryAddress.Parse(registry, repository);
        return new(address.Registry, address.Repository, identity);
    }
}
