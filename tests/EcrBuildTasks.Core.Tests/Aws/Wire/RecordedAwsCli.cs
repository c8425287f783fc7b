using System.Collections.Concurrent;
using EcrBuildTasks.RealParts;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>What awscli sent, and what it printed of the answer.</summary>
internal sealed record AwsCliExchange(ReceivedRequest Request, CliResult Result);

/// <summary>Runs awscli against services that record. It takes most of a second to start, so all run ahead, two at a time.</summary>
public sealed class RecordedAwsCli : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecr-awscli-");
    private readonly SemaphoreSlim _places = new(2);
    private readonly ConcurrentDictionary<string, Lazy<Task<AwsCliExchange>>> _exchanges = new(StringComparer.Ordinal);

    /// <summary>Lets a run begin, in region eu-west-1.</summary>
    internal void Start(string name, string[] command, StubAnswer answer) =>
        _ = _exchanges.GetOrAdd(name, _ => new(() => Task.Run(() => RecordAsync(command, answer)))).Value;

    /// <summary>A run's outcome, once it is there.</summary>
    internal async Task<AwsCliExchange> GetAsync(string name)
    {
        _ = RealPart.Find("aws");
        return await _exchanges[name].Value;
    }

    public void Dispose()
    {
        try
        {
            Task.WaitAll([.. _exchanges.Values.Select(run => run.Value)]);
        }
        catch (AggregateException)
        {
            // Told where it was asked for.
        }

        _places.Dispose();
        _home.Delete(recursive: true);
    }

    private async Task<AwsCliExchange> RecordAsync(string[] command, StubAnswer answer)
    {
        await _places.WaitAsync();
        try
        {
            await using var service = await StubService.StartAsync(answer);
            var result = await Cli.RunAsync(
                RealPart.Find("aws"),
                ["--endpoint-url", service.Url.ToString(), "--region", "eu-west-1", "--output", "json", .. command],
                environment: new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["HOME"] = _home.FullName,
                    ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
                    ["AWS_SECRET_ACCESS_KEY"] = "secret",
                    ["AWS_SESSION_TOKEN"] = "session-token",
                    ["AWS_PROFILE"] = null,
                    ["AWS_CONFIG_FILE"] = null,
                    ["AWS_PAGER"] = "",
                    ["LC_ALL"] = "C.UTF-8",
                    ["TZ"] = "UTC",
                }
            );
            return new(service.Requests.ShouldHaveSingleItem(result.ToString()), result);
        }
        finally
        {
            _places.Release();
        }
    }
}
