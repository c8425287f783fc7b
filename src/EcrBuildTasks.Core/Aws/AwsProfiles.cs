using Amazon.Runtime.CredentialManagement;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>The profiles of the AWS config and credentials files, as they are when a session is opened.</summary>
internal sealed class AwsProfiles
{
    private readonly AwsConfigFile _config;
    private readonly AwsConfigFile _credentials;

    public AwsProfiles(EnvironmentVariables environment)
    {
        CredentialsPath = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? environment.InHome(".aws", "credentials");
        // The AWS SDK for .NET also finds the config file next to a credentials file that was moved. A relative path leads into the
        // current folder, whose files can run a program or choose an endpoint.
        var neighbor = Path.IsPathFullyQualified(CredentialsPath)
            ? Path.Combine(Path.GetDirectoryName(CredentialsPath)!, "config")
            : null;
        ConfigPath =
            environment["AWS_CONFIG_FILE"] ?? (File.Exists(neighbor) ? neighbor : environment.InHome(".aws", "config"));
        _config = AwsConfigFile.Read(ConfigPath);
        _credentials = AwsConfigFile.Read(CredentialsPath);
    }

    public string ConfigPath { get; }

    public string CredentialsPath { get; }

    public IReadOnlyList<string> Names =>
        [
            .. _config
                .Sections.Select(ProfileName)
                .OfType<string>()
                .Concat(_credentials.Sections)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The files that hold keys, in whichever profile.</summary>
    public IReadOnlyList<string> FilesWithSecrets =>
        [
            .. new[] { (Path: ConfigPath, File: _config), (Path: CredentialsPath, File: _credentials) }
                .Where(one => one.File.Sections.Any(section => one.File[section]!.ContainsKey("aws_secret_access_key")))
                .Select(one => one.Path),
        ];

    public AwsProfile? Find(string name)
    {
        var config = _config["profile " + name] ?? (name == "default" ? _config["default"] : null);
        var credentials = _credentials[name];
        if (config is null && credentials is null)
        {
            return OperatingSystem.IsWindows() ? FindInSdkStore(name) : null;
        }

        var settings = (credentials ?? [])
            .Concat(config ?? [])
            .DistinctBy(setting => setting.Key, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return new(name, settings)
        {
            SsoSession = settings.TryGetValue("sso_session", out var session)
                ? _config["sso-session " + session]
                : null,
            Services = settings.TryGetValue("services", out var services) ? _config["services " + services] : null,
        };
    }

    /// <param name="name">The profile's name.</param>
    /// <param name="namedBy">What names it, where it is not a setting of ours.</param>
    public AwsProfile Get(string name, string? namedBy = null)
    {
        if (Find(name) is { } profile)
        {
            return profile;
        }

        var nearest = Nearest(name);
        throw new AwsSessionException(
            EcrCode.ProfileNotFound,
            $"The AWS profile '{name}'{(namedBy is null ? "" : $", set by {namedBy},")} does not exist."
                + (nearest is null ? string.Empty : $" Did you mean '{nearest}'?")
        )
        {
            Profile = name,
        };
    }

    private static string? ProfileName(string heading) =>
        heading == "default" ? heading
        : heading.StartsWith("profile ", StringComparison.Ordinal) ? heading["profile ".Length..]
        : null;

    /// <summary>Windows has one more place, the encrypted store of the AWS tools for .NET, which holds keys.</summary>
    private static AwsProfile? FindInSdkStore(string name)
    {
        if (!new NetSDKCredentialsFile().TryGetProfile(name, out var found))
        {
            return null;
        }

        var settings = new (string Name, string? Value)[]
        {
            ("aws_access_key_id", found.Options.AccessKey),
            ("aws_secret_access_key", found.Options.SecretKey),
            ("aws_session_token", found.Options.Token),
            ("role_arn", found.Options.RoleArn),
            ("source_profile", found.Options.SourceProfile),
            ("external_id", found.Options.ExternalID),
            ("role_session_name", found.Options.RoleSessionName),
            ("mfa_serial", found.Options.MfaSerial),
            ("region", found.Region?.SystemName),
        };
        return new(
            name,
            settings
                .Where(setting => setting.Value is { Length: > 0 })
                .ToDictionary(setting => setting.Name, setting => setting.Value!, StringComparer.Ordinal)
        );
    }

    private string? Nearest(string name) =>
        NearNames.Find(name, Names, farthest: Math.Max(2, name.Length / 3)) is [var nearest, ..] ? nearest : null;
}
