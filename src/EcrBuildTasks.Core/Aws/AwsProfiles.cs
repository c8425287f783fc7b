using Amazon.Runtime.CredentialManagement;

namespace EcrBuildTasks.Aws;

/// <summary>The profiles of the AWS config and credentials files, read anew for each session.</summary>
internal sealed class AwsProfiles
{
    private readonly SharedCredentialsFile _file;

    public AwsProfiles()
    {
        // Given no path, the SDK keeps the one that the process saw first: a build node sees more than one environment.
        var home = CredentialChain.Variable("HOME") ?? CredentialChain.Variable("USERPROFILE") ?? string.Empty;
        Location =
            CredentialChain.Variable("AWS_SHARED_CREDENTIALS_FILE") is { } path && File.Exists(path)
                ? path
                : Path.Combine(home, ".aws", "credentials");
        _file = new SharedCredentialsFile(Location);
    }

    /// <summary>The credentials file; the config file lies beside it unless <c>AWS_CONFIG_FILE</c> is set.</summary>
    public string Location { get; }

    public CredentialProfile? Find(string name)
    {
        if (_file.TryGetProfile(name, out var profile))
        {
            return profile;
        }

        // Windows has one more place, the encrypted store of the AWS tools for .NET.
        return OperatingSystem.IsWindows() && new CredentialProfileStoreChain().TryGetProfile(name, out profile)
            ? profile
            : null;
    }

    public CredentialProfile Get(string name)
    {
        if (Find(name) is { } profile)
        {
            return profile;
        }

        var nearest = Nearest(name);
        throw new AwsSessionException(
            AwsProblem.ProfileNotFound,
            $"The AWS profile '{name}' does not exist."
                + (nearest is null ? string.Empty : $" Did you mean '{nearest}'?")
        )
        {
            Profile = name,
            NearestProfile = nearest,
        };
    }

    private string? Nearest(string name) =>
        _file
            .ListProfiles()
            .Select(profile => (profile.Name, Distance: Distance(profile.Name, name)))
            .Where(candidate => candidate.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var (index, letter) in left.Index())
        {
            var current = new int[right.Length + 1];
            current[0] = index + 1;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced =
                    previous[column - 1]
                    + (char.ToUpperInvariant(letter) == char.ToUpperInvariant(right[column - 1]) ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
