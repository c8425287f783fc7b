using System.Text.RegularExpressions;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Refuses a manifest as if what it refers to had not arrived yet: with 404 <c>MANIFEST_BLOB_UNKNOWN</c>.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed partial record LaggingLayersFault(string Step = FaultStep.PutManifest) : Fault(Step)
{
    internal override string? FindMistake() =>
        base.FindMistake()
        ?? (
            Step is FaultStep.PutManifest or FaultStep.PutManifestByDigest or FaultStep.PutManifestByTag
                ? null
                : "Only PutManifest, PutManifestByDigest and PutManifestByTag are supported."
        );

    internal override async Task StrikeAsync(HttpContext context, RequestDelegate next)
    {
        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync(context.RequestAborted);
        var missing = AnyDigest().Matches(text).Select(digest => digest.Value).Distinct(StringComparer.Ordinal);
        await RefusalAnswer.WriteAsync(
            context,
            StatusCodes.Status404NotFound,
            "MANIFEST_BLOB_UNKNOWN",
            apiCode: "",
            $"Layers with digests '[{string.Join(", ", missing)}]' required for pushing image into repository with name '{RequestSteps.RepositoryOf(context.Request.Path)}' do not exist"
        );
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyDigest();
}
