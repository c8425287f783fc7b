using Amazon.Runtime.CredentialManagement;

namespace EcrBuildTasks.Aws;

/// <summary>The profiles of the AWS config and credentials files, read anew for each session.</summary>
internal sealed class AwsProfiles
{
    private readonly CredentialProfileStoreChain _store = new();

    public ICredentialProfileSource Source => _store;

    public CredentialProfile? Find(string name) => _store.TryGetProfile(name, out var profile) ? profile : null;

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
        _store
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
