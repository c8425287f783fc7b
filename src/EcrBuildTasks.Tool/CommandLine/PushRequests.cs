using EcrBuildTasks.Failures;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>Converts the command line into requests for the pipeline.</summary>
internal static class PushRequests
{
    /// <summary>One request for each repository of each registry, with all its tags.</summary>
    /// <param name="invocation">The run.</param>
    /// <param name="images">The images; empty for that of the project in the current folder.</param>
    /// <param name="cancellationToken">Cancels the evaluation of the project.</param>
    public static async Task<IReadOnlyList<PushRequest>> ReadAsync(
        Invocation invocation,
        IReadOnlyList<string> images,
        CancellationToken cancellationToken
    )
    {
        if (images.Count == 0)
        {
            var folder = Directory.GetCurrentDirectory();
            return Read(invocation, await ProjectProperties.ReadAsync(folder, invocation.Settings, cancellationToken));
        }

        return
        [
            .. images
                .Select(ImageName.Parse)
                .Select(Tagged)
                .GroupBy(image => (image.Registry, image.Repository))
                .Select(target =>
                    Request(
                        invocation,
                        target.Key.Registry,
                        target.Key.Repository,
                        [.. target.Select(image => image.Tag).Distinct(StringComparer.Ordinal)]
                    )
                ),
        ];
    }

    /// <exception cref="DiagnosedException">A property has an invalid value.</exception>
    private static IReadOnlyList<PushRequest> Read(Invocation invocation, ProjectRequest project) =>
        project
            .With(
                ("EcrSourceImage", null),
                (
                    "EcrTagCommit",
                    invocation.Has(PushOptions.TagCommit)
                        ? $"{invocation.Get(PushOptions.TagCommit)}"
                        : project["EcrTagCommit"]
                ),
                (
                    "EcrTagBranch",
                    invocation.Has(PushOptions.TagBranch)
                        ? $"{invocation.Get(PushOptions.TagBranch)}"
                        : project["EcrTagBranch"]
                )
            )
            .Read(invocation.Environment, wrong => throw new DiagnosedException(wrong));

    private static ImageName Tagged(ImageName image) =>
        image.Digest is null
            ? image
            : throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.DigestNamed,
                    $"{image} contains a digest, which the push itself determines. Specify a tag instead: {image with { Digest = null }}."
                )
            );

    private static PushRequest Request(
        Invocation invocation,
        string? registry,
        string repository,
        IReadOnlyList<string> tags
    ) =>
        new()
        {
            Registry = registry,
            Repository = repository,
            Tags = tags,
            Region = invocation.Settings.Region,
            Profile = invocation.Settings.Profile,
            RoleArn = invocation.Settings.RoleArn,
            SourceTags = SourceTags(invocation, ofCommit: false, ofBranch: false),
        };

    /// <summary>Tags for the commit and the branch of the current folder, if the command line or the project requests them.</summary>
    private static IReadOnlyList<string> SourceTags(Invocation invocation, bool ofCommit, bool ofBranch) =>
        new SourceTags(invocation.Environment, Directory.GetCurrentDirectory()).Create(
            invocation.Get(PushOptions.TagCommit, ofCommit),
            invocation.Get(PushOptions.TagBranch, ofBranch)
        );
}
