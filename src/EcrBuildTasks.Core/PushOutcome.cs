using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Push;
using EcrBuildTasks.Scans;
using EcrBuildTasks.Tags;

namespace EcrBuildTasks;

/// <param name="Report">What was found; <see langword="null"/> when AWS could not be asked, or was not.</param>
/// <param name="Diagnostics">What has to be said.</param>
/// <param name="Fixes">The statements that mend a denial.</param>
public sealed record PreflightOutcome(
    PreflightReport? Report,
    IReadOnlyList<EcrDiagnostic> Diagnostics,
    IReadOnlyList<PolicyFix> Fixes
)
{
    /// <summary>What is there already, when <see cref="IfTagExists.Skip"/> leaves nothing to build or push.</summary>
    public PushResult? Skipped { get; init; }

    /// <summary>Whether the build may go on.</summary>
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity is not DiagnosticSeverity.Error);
}

/// <param name="Result">
/// What was pushed; <see langword="null"/> when the push failed. Beside an error: the image, but not its floating tags.
/// </param>
/// <param name="Diagnostics">What has to be said.</param>
/// <param name="Fixes">The statements that mend a denial.</param>
public sealed record PushOutcome(
    PushResult? Result,
    IReadOnlyList<EcrDiagnostic> Diagnostics,
    IReadOnlyList<PolicyFix> Fixes
)
{
    /// <summary>Of a push that was denied: what the ECR API says about it.</summary>
    internal PreflightReport? Report { get; init; }
}

/// <summary>What was pushed, and where it can be pulled.</summary>
/// <param name="Image">Where to, as it was asked for.</param>
/// <param name="Host">The host, with its port, from which the image can be pulled.</param>
/// <param name="Pushed">What the pusher says.</param>
/// <param name="Route">The way it took, as the end of a sentence: "through the Docker Engine at …".</param>
/// <param name="Elapsed">How long it took, the token included.</param>
/// <param name="Caller">Who pushed; <see cref="CallerIdentity.NotKnown"/> where AWS did not tell in time.</param>
/// <param name="CredentialsSource">Where the credentials came from, in words.</param>
public sealed record PushResult(
    ImageReference Image,
    string Host,
    PushedImage Pushed,
    string Route,
    TimeSpan Elapsed,
    CallerIdentity Caller,
    string CredentialsSource
)
{
    /// <summary>Whether nothing was pushed, since the tags were there and cannot be moved.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>What the scan of the image found; <see langword="null"/> where none was waited for.</summary>
    internal ScanReport? Scan { get; init; }

    /// <summary>The floating tags, moved or left alone; those that were moved are among the pushed ones as well.</summary>
    internal IReadOnlyList<FloatingTagMove> FloatingTags { get; init; } = [];

    internal PushResult WithFloatingTags(IReadOnlyList<FloatingTagMove> moves, TimeSpan elapsed) =>
        this with
        {
            Pushed = Pushed with
            {
                Tags = [.. Pushed.Tags, .. moves.Where(move => move.IsMoved).Select(move => move.Tag)],
            },
            FloatingTags = moves,
            Elapsed = elapsed,
        };

    /// <summary>A push that is not needed.</summary>
    /// <param name="host">The host, with its port, from which the image can be pulled.</param>
    /// <param name="tags">What the repository has under the tags; of several images, the result names the first.</param>
    internal static PushResult Skip(
        ImageReference image,
        string host,
        ExistingTags tags,
        CallerIdentity caller,
        string credentialsSource
    )
    {
        var first = tags.Present[0];
        var pushed = new PushedImage
        {
            Digest = first.Digest,
            Tags = [.. tags.Present.Where(present => present.Digest == first.Digest).Select(present => present.Tag)],
            SizeInBytes = first.SizeInBytes,
            PushedBytes = 0,
            Layers = [],
        };
        return new(image, host, pushed, "not pushed", TimeSpan.Zero, caller, credentialsSource) { IsSkipped = true };
    }

    /// <summary>The reference under which a tag can be pulled.</summary>
    public string UriOf(string tag) => $"{Host}/{Image.Registry.PathOf(Image.Repository)}:{tag}";
}
