using System.Text.Json;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;

namespace EcrBuildTasks.Push.Engine;

/// <summary>
/// Reads the messages of an engine's push: the status is always 200; success and failure are reported in the stream.
/// </summary>
internal sealed partial class PushStream(LayerLedger layers, string tag) : IProgress<JSONMessage>
{
    /// <summary>The first error; what follows one is its aftermath.</summary>
    public string? Error { get; private set; }

    /// <summary>The manifest's digest, from <c>aux</c> or, with engines that send none, from the last status line.</summary>
    public string? Digest { get; private set; }

    public void Report(JSONMessage value)
    {
        if (value.Error is { } error)
        {
            Error ??= error.Message ?? "";
        }

        if (
            value.Aux?.ExtensionData is { } aux
            && aux.TryGetValue("Digest", out var digest)
            && digest is JsonElement { ValueKind: JsonValueKind.String } text
            && Images.Digest.IsDigest(text.GetString())
        )
        {
            Digest = text.GetString();
        }
        else if (value.Status is { } status && DigestInStatus().Match(status) is { Success: true } match)
        {
            Digest ??= match.Groups["digest"].Value;
        }

        if (value is { ID: { Length: > 0 } layer, Status: { } layerStatus } && Status(layerStatus) is { } known)
        {
            layers.Record(tag, layer, known, value.Progress?.Current ?? 0, value.Progress?.Total ?? 0);
        }
    }

    private static LayerStatus? Status(string text) =>
        text switch
        {
            "Pushing" => LayerStatus.Pushing,
            "Pushed" => LayerStatus.Pushed,
            "Layer already exists" or "Already exists" => LayerStatus.AlreadyExists,
            _ when text.StartsWith("Mounted from", StringComparison.Ordinal) => LayerStatus.Mounted,
            _ => null,
        };

    [GeneratedRegex(
        "digest: (?<digest>sha256:[0-9a-f]{64})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DigestInStatus();
}
