using System.Collections.Concurrent;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Throttling;

/// <summary>The limits of all accounts; a request counts before its permission is checked.</summary>
internal sealed class RateLimits
{
    private readonly Dictionary<string, RateLimit> _limits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Account, string Service, string Action), TokenBucket> _buckets =
        new();
    private readonly TimeProvider _clock;

    public RateLimits(EmulatorOptions options)
    {
        _clock = options.TimeProvider;
        foreach (var limit in options.RateLimits)
        {
            if (limit is not { PerSecond: > 0 and < double.PositiveInfinity, Burst: >= 1 })
            {
                throw new EmulatorConfigurationException(
                    $"{limit} is invalid: PerSecond must be greater than 0 and Burst at least 1."
                );
            }

            if (!_limits.TryAdd(limit.Action, limit))
            {
                throw new EmulatorConfigurationException($"{limit.Action} has two rate limits.");
            }
        }
    }

    /// <exception cref="EmulatorConfigurationException">A limit is for an action that does not exist.</exception>
    public void RequireAllOf(IReadOnlyCollection<string> actions)
    {
        if (_limits.Keys.Except(actions, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new EmulatorConfigurationException(
                $"The rate limit for '{unknown}' is invalid: the action does not exist. Use one of: {string.Join(", ", actions)}."
            );
        }
    }

    /// <summary>Whether the account may call the service's action now.</summary>
    public bool Admits(string account, string service, string action) =>
        !_limits.TryGetValue(action, out var limit)
        || _buckets.GetOrAdd((account, service, action), _ => new(limit.PerSecond, limit.Burst, _clock)).TryTake();

    /// <exception cref="EcrException">The account calls the action too often.</exception>
    public void Require(string account, string service, string action)
    {
        if (!Admits(account, service, action))
        {
            throw EcrException.Throttled();
        }
    }
}
