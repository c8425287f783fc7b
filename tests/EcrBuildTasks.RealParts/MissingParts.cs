using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Extensions.TestHost;
using Microsoft.Testing.Platform.Messages;
using Microsoft.Testing.Platform.Services;
using Microsoft.Testing.Platform.TestHost;

namespace EcrBuildTasks.RealParts;

/// <summary>
/// Reports, as the last entry of each test project, which real parts were missing so far and how to install them.
/// <c>dotnet test</c> prints nothing of a project but the results of its tests, so this is one: a skipped one.
/// </summary>
public sealed class MissingParts : IDataConsumer, IDataProducer, ITestSessionLifetimeHandler
{
    public const string HowToInstall = "`.ci/install` installs it (Debian, Ubuntu).";

    private readonly IMessageBus _messages;
    private readonly List<string> _reasons = [];

    private MissingParts(IServiceProvider services) => _messages = services.GetMessageBus();

    public string Uid => nameof(MissingParts);

    public string Version => "1.0.0";

    public string DisplayName => "Missing real parts";

    public string Description => "Lists the real parts that skipped tests need.";

    public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

    public Type[] DataTypesProduced => [typeof(TestNodeUpdateMessage)];

    /// <summary>Called by the entry point of each test project: see <c>tests/Directory.Build.targets</c>.</summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _)
    {
        var factory = new CompositeExtensionFactory<MissingParts>(services => new MissingParts(services));
        builder.TestHost.AddDataConsumer(factory);
        builder.TestHost.AddTestSessionLifetimeHandler(factory);
    }

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
    {
        if (
            dataProducer != this
            && value is TestNodeUpdateMessage update
            && update.TestNode.Properties.SingleOrDefault<SkippedTestNodeStateProperty>()
                is { Explanation: { } explanation }
            && explanation.IndexOf(" is missing. " + HowToInstall, StringComparison.Ordinal) is > 0 and var end
        )
        {
            _reasons.Add(explanation[..end]);
        }

        return Task.CompletedTask;
    }

    public Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext) => Task.CompletedTask;

    public async Task OnTestSessionFinishingAsync(ITestSessionContext testSessionContext)
    {
        if (_reasons.Count == 0)
        {
            return;
        }

        var all = WithThoseOfEarlierProjects(_reasons);
        var missing = all.CountBy(name => name)
            .OrderByDescending(part => part.Value)
            .Select(part => $"{part.Key} ({part.Value})");
        var list = new TestNode
        {
            Uid = Uid,
            DisplayName = $"{all.Count} tests need what is missing here: {string.Join(", ", missing)}",
            Properties = new(
                new SkippedTestNodeStateProperty("To install everything (Debian, Ubuntu): sudo .ci/install")
            ),
        };
        await _messages.PublishAsync(this, new TestNodeUpdateMessage(testSessionContext.SessionUid, list));
    }

    /// <summary>All projects of one <c>dotnet test</c> add to one file, so that the last list is complete.</summary>
    private static List<string> WithThoseOfEarlierProjects(List<string> reasons)
    {
        if (!OperatingSystem.IsLinux())
        {
            return reasons;
        }

        var parent = Stat("self")[1];
        var file = Path.Combine(Path.GetTempPath(), $"ecr-missing-parts-{parent}-{Stat(parent)[19]}");
        File.AppendAllLines(file, reasons);
        return [.. File.ReadLines(file)];

        // What follows the name in /proc/<pid>/stat: state, parent, …, and as the twentieth the time of the start.
        static string[] Stat(string process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
    }
}
