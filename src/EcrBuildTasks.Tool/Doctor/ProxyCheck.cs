using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The proxies that the environment names.</summary>
internal static class ProxyCheck
{
    private static readonly string[] Variables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
    private static readonly string[] Schemes = ["http://", "https://", "socks4://", "socks4a://", "socks5://"];

    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Of(place.Environment));

    internal static Finding Of(EnvironmentVariables environment)
    {
        string[] set =
        [
            .. Variables
                // Of both spellings the small one goes first, as in .NET.
                .SelectMany(name => new[] { name.ToLowerInvariant(), name })
                .Select(name => (name, Value: environment[name]))
                .Where(variable => variable.Value is not null)
                .DistinctBy(variable => variable.name, StringComparer.OrdinalIgnoreCase)
                .Select(variable => $"{variable.name}={WithoutPassword(variable.Value!)}"),
        ];
        return Finding.Ok(set.Length == 0 ? "None is named." : string.Join(", ", set));
    }

    private static string WithoutPassword(string value)
    {
        // By hand: a password with odd characters makes no URI, and must not be shown either.
        var at = value.LastIndexOf('@');
        if (at < 0)
        {
            return value;
        }

        var scheme = Schemes.FirstOrDefault(one => value.StartsWith(one, StringComparison.OrdinalIgnoreCase), "");
        return $"{scheme}***{value[at..]}";
    }
}
