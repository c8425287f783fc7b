using System.Text.RegularExpressions;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Push;

namespace EcrBuildTasks.Tool.CommandLine;

/// <summary>The source and the targets of a push, from the arguments SOURCE and IMAGE.</summary>
/// <param name="Images">The targets; empty for those of the project in the current folder.</param>
internal sealed partial record PushArguments(ImageSource Source, IReadOnlyList<string> Images)
{
    /// <summary>Whether the name of the source is also the target.</summary>
    public bool IsOneName { get; private init; }

    /// <summary>Reads the arguments. As with <c>docker push</c>, an image in an ECR registry alone is pushed under its own name.</summary>
    public static PushArguments Read(string source, IReadOnlyList<string> images)
    {
        var parsed = ImageSource.Parse(source);
        return
            images.Count == 0
            && parsed is ImageSource.EngineImage
            && ImageAddress.FromText(source).Host is { } host
            && EcrRegistry.IsMeantBy(host)
            ? new(parsed, [source]) { IsOneName = true }
            : new(parsed, images);
    }

    /// <summary>
    /// Rejects the name of the project's repository with another version: it can be the image or the tag to push, and one of
    /// these would overwrite an unintended tag. Local builds have other tags, such as dev or latest.
    /// </summary>
    /// <exception cref="DiagnosedException">Both readings are possible.</exception>
    public void Check(IReadOnlyList<PushRequest> requests)
    {
        if (
            Images.Count == 0
            && Source is ImageSource.EngineImage
            && ImageAddress.FromText($"{Source}") is { Host: null, Tag: { } tag, Digest: null } named
            && VersionLike().IsMatch(tag)
            && requests.All(request =>
                request.Repository == named.Path && !request.Tags.Contains(tag, StringComparer.Ordinal)
            )
        )
        {
            throw new DiagnosedException(
                EcrDiagnostic.Error(
                    EcrCode.ImageNotNamed,
                    $"{Source} is ambiguous: it can be the image to push or the target, and the tag of the project is {string.Join(", ", requests[0].Tags)}. Specify both.",
                    $"To push it as {tag}:",
                    $"  {Command(requests, [tag])}",
                    "To push it with the tags of the project:",
                    $"  {Command(requests, requests[0].Tags)}"
                )
            );
        }
    }

    /// <summary>Adds to the error for a missing image the commands that may have been intended.</summary>
    /// <param name="isInProject">Whether the current folder has a project.</param>
    public IReadOnlyList<EcrDiagnostic> Explain(
        IReadOnlyList<EcrDiagnostic> diagnostics,
        PushRequest request,
        bool isInProject
    )
    {
        if (!IsOneName)
        {
            return diagnostics;
        }

        var (name, image) = (Images[0], $"{request.Repository}:{request.Tags[0]}");
        string[] readings =
        [
            "As with docker push, this name is both the target and the name of the image in the engine. If the image has another name in the engine, specify both:",
            $"  dotnet ecr push {image} {name}",
            isInProject
                ? "To build the project in this folder and push it to this target:"
                : "To push an archive to this target:",
            isInProject
                ? $"  dotnet publish /t:PushToEcr -p:EcrRegistry={request.Registry} -p:EcrRepository={request.Repository} -p:EcrImageTags={request.Tags[0]}"
                : $"  dotnet ecr push image.tar.gz {name}",
        ];
        return
        [
            .. diagnostics.Select(diagnostic =>
                diagnostic.Code == EcrCode.SourceImageMissing || diagnostic.Code == EcrCode.EngineUnavailable
                    ? diagnostic with
                    {
                        Details = [.. diagnostic.Details, .. readings],
                    }
                    : diagnostic
            ),
        ];
    }

    private string Command(IReadOnlyList<PushRequest> requests, IReadOnlyList<string> tags)
    {
        var targets = requests.SelectMany(request =>
            tags.Select(tag => $"{(request.Registry is { } host ? host + "/" : "")}{request.Repository}:{tag}")
        );
        // Explicit targets do not use the settings of the project.
        var identity = requests[0];
        return string.Join(
            ' ',
            [
                $"dotnet ecr push {Source}",
                .. targets,
                .. Option("--region", identity.Registry is null ? identity.Region : null),
                .. Option("--profile", identity.Profile),
                .. Option("--role-arn", identity.RoleArn),
            ]
        );
    }

    private static string[] Option(string name, string? value) =>
        value is null ? [] : [$"{name} {ShellWord.QuoteForAnyShell(value) ?? $"<{name.TrimStart('-')}>"}"];

    [GeneratedRegex(
        @"^v?[0-9][A-Za-z0-9._-]*\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex VersionLike();
}
