using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The proxies in the environment variables.</summary>
internal static class ProxyCheck
{
    private static readonly string[] Variables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
    private static readonly string[] Schemes = ["http://", "https://", "socks4://", "socks4a://", "socks5://"];

    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate(place.Environment));

    internal static Finding Evaluate(EnvironmentVariables environment)
    {
        string[] set =
        [
            .. Variables
                // The lower-case name takes precedence, as in .NET.
                .SelectMany(name => new[] { name.ToLowerInvariant(), name })
                .Select(name => (name, Value: environment[name]))
                .Where(variable => variable.Value is not null)
                .DistinctBy(variable => variable.name, StringComparer.OrdinalIgnoreCase)
                .Select(variable => $"{variable.name}={WithoutPassword(variable.Value!)}"),
        ];
        return Finding.Ok(set.Length == 0 ? "No proxy is configured." : string.Join(", ", set));
    }

    private static string WithoutPassword(string value)
    {
        // Without the Uri class: it rejects some characters in passwords, which must not be shown either.
        var at = value.LastIndexOf('@');
        if (at < 0)
        {
            return value;
        }

        var scheme = Schemes.FirstOrDefault(one => value.StartsWith(one, StringComparison.OrdinalIgnoreCase), "");
        return $"{scheme}***{value[at..]}";
    }
}
