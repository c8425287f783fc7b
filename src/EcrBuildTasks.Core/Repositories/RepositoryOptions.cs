using System.Text.Json;
using System.Text.RegularExpressions;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Repositories;

/// <summary>The settings of a new repository as the user specified them; <see langword="null"/> if not specified.</summary>
public sealed partial record RepositoryOptions
{
    /// <summary>The maximum number of exclusion filters in ECR.</summary>
    private const int MostFilters = 5;

    /// <summary>The maximum length of a lifecycle policy in ECR.</summary>
    private const int ShortestLifecyclePolicy = 100;
    private const int LongestLifecyclePolicy = 30_720;

    private static readonly string[] Modes =
    [
        "IMMUTABLE",
        "MUTABLE",
        "IMMUTABLE_WITH_EXCLUSION",
        "MUTABLE_WITH_EXCLUSION",
    ];

    /// <summary>A mode; the two <c>…_WITH_EXCLUSION</c> with their filters: <c>IMMUTABLE_WITH_EXCLUSION:latest,dev-*</c>.</summary>
    public string? Immutability { get; init; }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public string? ScanOnPush { get; init; }

    /// <summary><c>AES256</c>, <c>KMS</c>, <c>KMS_DSSE</c>, or the ARN of a KMS key or alias.</summary>
    public string? Encryption { get; init; }

    /// <summary>The path of a file with a lifecycle policy.</summary>
    public string? LifecyclePolicy { get; init; }

    /// <summary>Resource tags, <c>key=value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The ARN of a user or role, or an account, that the repository policy allows to push.</summary>
    public string? PushPrincipal { get; init; }

    /// <param name="folder">The folder to which the path of the lifecycle policy is relative.</param>
    /// <exception cref="DiagnosedException">A value is invalid.</exception>
    public RepositorySettings Read(string folder)
    {
        var (encryption, key) = ReadEncryption();
        return new()
        {
            TagMutability = ReadMutability(),
            ScanOnPush =
                ScanOnPush is null
                || (
                    bool.TryParse(ScanOnPush, out var scan)
                        ? scan
                        : throw Invalid("ScanOnPush", "--scan-on-push", ScanOnPush, "Use true or false.")
                ),
            EncryptionType = encryption,
            KmsKey = key,
            LifecyclePolicy = ReadLifecyclePolicy(folder),
            Tags = ReadTags(),
            PushPrincipal = ReadPrincipal(),
        };
    }

    private TagMutability? ReadMutability()
    {
        if (Immutability is not { } value)
        {
            return null;
        }

        var (mode, filters) = value.Split(':', 2) is [var name, var list]
            ? (
                name.Trim().ToUpperInvariant(),
                list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            : (value.Trim().ToUpperInvariant(), []);
        var takesFilters = mode.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal);
        return !Modes.Contains(mode, StringComparer.Ordinal)
                ? throw Invalid(
                    "Immutability",
                    "--immutability",
                    value,
                    $"Use one of: {string.Join(", ", Modes)}. The last two require filters, such as IMMUTABLE_WITH_EXCLUSION:latest,dev-*."
                )
            : takesFilters != filters.Length is > 0 and <= MostFilters
                ? throw Invalid(
                    "Immutability",
                    "--immutability",
                    value,
                    $"IMMUTABLE_WITH_EXCLUSION: and MUTABLE_WITH_EXCLUSION: require one to {MostFilters} comma-separated filters; the other modes do not accept filters."
                )
            : Array.Find(filters, filter => !ExclusionFilter().IsMatch(filter)) is { } wrong
                ? throw Invalid(
                    "Immutability",
                    "--immutability",
                    value,
                    $"The filter '{wrong}' is not a valid tag pattern. Use at most 128 letters, digits, '.', '_', '-' and '*'."
                )
            : new(mode, filters);
    }

    private (string Type, string? Key) ReadEncryption() =>
        Encryption?.Trim() switch
        {
            null => ("AES256", null),
            var key when IsKeyArn(key) => ("KMS", key),
            var type when type.ToUpperInvariant() is "AES256" or "KMS" or "KMS_DSSE" => (type.ToUpperInvariant(), null),
            var value => throw Invalid(
                "Encryption",
                "--encryption",
                value,
                "Use AES256, KMS, KMS_DSSE, or the ARN of a KMS key such as arn:aws:kms:eu-west-1:444455556666:key/…."
            ),
        };

    private static bool IsKeyArn(string text) =>
        Arn.Parse(text) is { IsInOneAccount: true, Service: "kms", Region: not "" } arn && Key().IsMatch(arn.Resource);

    private LifecyclePolicyFile? ReadLifecyclePolicy(string folder)
    {
        if (LifecyclePolicy is not { } file)
        {
            return null;
        }

        var path = Path.GetFullPath(file, folder);
        try
        {
            var text = File.ReadAllText(path);
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is not JsonValueKind.Object
                || !document.RootElement.TryGetProperty("rules", out _)
                    ? throw Refused("it is not a lifecycle policy, which has the form {\"rules\": [...]}.")
                : text.Length is < ShortestLifecyclePolicy or > LongestLifecyclePolicy
                    ? throw Refused(
                        $"it has {text.Length} characters: Amazon ECR accepts {ShortestLifecyclePolicy} to {LongestLifecyclePolicy}."
                    )
                : new(path, text);
        }
        catch (JsonException failure)
        {
            throw Refused(
                $"it is not valid JSON at line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}."
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused($"it cannot be read: {failure.Message}");
        }

        DiagnosedException Refused(string why) =>
            new(
                EcrDiagnostic.Error(
                    EcrCode.PropertyValueInvalid,
                    $"EcrRepositoryLifecyclePolicy (--lifecycle-policy) is set to the file {path}, but {why}"
                )
            );
    }

    private List<KeyValuePair<string, string>> ReadTags()
    {
        List<KeyValuePair<string, string>> tags = [.. Tags.Select(ReadTag).Distinct()];
        return
            tags.GroupBy(tag => tag.Key, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Invalid(
                "Tags",
                "--tag",
                string.Join(", ", twice.Select(tag => $"{tag.Key}={tag.Value}")),
                $"Specify the key {twice.Key} only once."
            )
            : tags;
    }

    private static KeyValuePair<string, string> ReadTag(string text) =>
        text.Split('=', 2) is [var key, var value] && key.Trim().Length is > 0 and <= 128
            ? new(key.Trim(), value.Trim())
            : throw Invalid("Tags", "--tag", text, "Write a resource tag as key=value.");

    private CallerIdentity? ReadPrincipal() =>
        PushPrincipal?.Trim() switch
        {
            null => null,
            var account when Account().IsMatch(account) => CallerIdentity.ForPrincipal(
                Arn.ForIam("aws", account, "root").ToString()
            ),
            var session
                when Arn.Parse(session)?.Resource.StartsWith("assumed-role/", StringComparison.Ordinal) is true =>
                throw Invalid(
                    "PushPrincipal",
                    "--push-principal",
                    session,
                    "This is a temporary session of a role. Use the ARN of the role: arn:aws:iam::<account>:role/<name>."
                ),
            var arn => CallerIdentity.ForPrincipal(arn)
                ?? throw Invalid(
                    "PushPrincipal",
                    "--push-principal",
                    arn,
                    "Use the ARN of a role or user, such as arn:aws:iam::111122223333:role/ci, or a 12-digit account ID. Wildcards are not supported."
                ),
        };

    private static DiagnosedException Invalid(string property, string option, string value, string remedy) =>
        new(
            EcrDiagnostic.Error(
                EcrCode.PropertyValueInvalid,
                $"EcrRepository{property} ({option}) has the invalid value '{value}'. {remedy}"
            )
        );

    [GeneratedRegex(@"^[0-9a-zA-Z._*-]{1,128}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExclusionFilter();

    [GeneratedRegex(@"^(key|alias)/[\w/-]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"^[0-9]{12}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Account();
}
