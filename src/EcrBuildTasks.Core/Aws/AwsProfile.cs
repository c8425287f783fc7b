using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>A profile of the AWS config and credentials files.</summary>
/// <param name="Settings">
/// Its settings by their names in lower case; the credentials file's go before the config file's.
/// </param>
internal sealed record AwsProfile(string Name, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>The settings of its <c>sso-session</c> section, where it names one that exists.</summary>
    public IReadOnlyDictionary<string, string>? SsoSession { get; init; }

    /// <summary>The settings of its <c>services</c> section, where it names one that exists.</summary>
    public IReadOnlyDictionary<string, string>? Services { get; init; }

    public string? Region => this["region"];

    /// <summary>Whether its credentials come from IAM Identity Center, by whichever form.</summary>
    public bool IsSingleSignOn => this["sso_account_id"] is not null || this["sso_session"] is not null;

    /// <summary>Whether it has anything to do with credentials.</summary>
    public bool HasCredentialSettings =>
        IsSingleSignOn
        || this["aws_access_key_id"] is not null
        || this["aws_secret_access_key"] is not null
        || this["role_arn"] is not null
        || this["credential_process"] is not null
        || this["login_session"] is not null
        || this["endpoint_name"] is not null;

    /// <summary>A setting; <see langword="null"/> where it is missing or empty.</summary>
    public string? this[string name] => Settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The name in a command.</summary>
    public string CommandName => EcrDiagnostic.Word(Name, "profile");

    public AwsSessionException Unusable(string why) =>
        new(
            EcrCode.ProfileUnusable,
            $"The AWS profile '{Name}' does not provide credentials: {why}. `aws configure list --profile {CommandName}` shows its settings."
        )
        {
            Profile = Name,
        };
}
