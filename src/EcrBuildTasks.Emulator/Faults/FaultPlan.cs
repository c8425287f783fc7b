using System.Collections.Immutable;
using Microsoft.AspNetCore.Connections;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>
/// The faults of a server; they may change while it answers. Of several faults at one step the first strikes first, and the
/// others strike too as far as it lets the request on. A fault that is used up is no more in the way, so that a row of faults with
/// <see cref="Fault.Times"/> is a script.
/// </summary>
public sealed class FaultPlan
{
    private readonly HashSet<string> _steps;
    private ImmutableList<ArmedFault> _armed = [];

    /// <summary>A plan for a registry.</summary>
    /// <param name="faults">What <see cref="Add"/> would be called with.</param>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public FaultPlan(params IReadOnlyList<Fault> faults)
        : this(actions: [], faults) { }

    internal FaultPlan(IEnumerable<string> actions, IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        _steps = [.. FaultStep.All, .. actions];
        foreach (var fault in faults)
        {
            Add(fault);
        }
    }

    /// <summary>What was added since the plan was last cleared, and how often it struck.</summary>
    public IReadOnlyList<FaultTally> Tallies => [.. Volatile.Read(ref _armed).Select(fault => fault.Tally)];

    /// <summary>Adds a fault to the plan.</summary>
    /// <exception cref="ArgumentException">The step does not exist, or the values of the fault are invalid.</exception>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.FindMistake() is { } mistake)
        {
            throw new ArgumentException($"{fault} is invalid: {mistake}", nameof(fault));
        }

        if (!_steps.Contains(fault.Step))
        {
            throw new ArgumentException(
                $"{fault} is invalid: the step '{fault.Step}' does not exist. Use one of: {string.Join(", ", _steps)}.",
                nameof(fault)
            );
        }

        ImmutableInterlocked.Update(ref _armed, (list, added) => list.Add(added), new ArmedFault(fault));
    }

    /// <summary>Removes all faults. Requests already affected stay affected.</summary>
    public void Clear() => Volatile.Write(ref _armed, []);

    /// <summary>How often a fault struck; 0 when it was not added.</summary>
    public int StrikesOf(Fault fault) => Tallies.Where(tally => tally.Fault == fault).Sum(tally => tally.Strikes);

    internal Task AnswerAsync(HttpContext context, RequestDelegate next) =>
        AnswerAsync(context, [.. Volatile.Read(ref _armed)], next);

    internal Task ConnectAsync(ConnectionContext connection, ConnectionDelegate next) =>
        ConnectAsync(connection, [.. Volatile.Read(ref _armed)], next);

    private static async Task AnswerAsync(HttpContext context, ImmutableArray<ArmedFault> faults, RequestDelegate next)
    {
        // Repeated after each fault, because a fault can change the request.
        var names = faults.IsEmpty ? [] : await RequestSteps.ReadAsync(context);
        var index = FindFirstStrike(
            faults,
            fault => fault.Step == FaultStep.Any || names.Contains(fault.Step, StringComparer.Ordinal)
        );
        await (
            index < 0
                ? next(context)
                : faults[index].Fault.StrikeAsync(context, later => AnswerAsync(later, faults[(index + 1)..], next))
        );
    }

    private static Task ConnectAsync(
        ConnectionContext connection,
        ImmutableArray<ArmedFault> faults,
        ConnectionDelegate next
    )
    {
        var index = FindFirstStrike(faults, fault => fault.Step == FaultStep.Connect);
        return index < 0
            ? next(connection)
            : faults[index].Fault.StrikeAsync(connection, later => ConnectAsync(later, faults[(index + 1)..], next));
    }

    private static int FindFirstStrike(ImmutableArray<ArmedFault> faults, Func<Fault, bool> concerns)
    {
        for (var index = 0; index < faults.Length; index++)
        {
            if (concerns(faults[index].Fault) && faults[index].TryStrike())
            {
                return index;
            }
        }

        return -1;
    }

    private sealed class ArmedFault(Fault fault)
    {
        private readonly Lock _gate = new();
        private int _requests;
        private int _strikes;

        public Fault Fault { get; } = fault;

        public FaultTally Tally
        {
            get
            {
                lock (_gate)
                {
                    return new(Fault, _requests, _strikes);
                }
            }
        }

        public bool TryStrike()
        {
            lock (_gate)
            {
                _requests++;
                if (_requests <= Fault.After || _strikes == Fault.Times)
                {
                    return false;
                }

                _strikes++;
                return true;
            }
        }
    }
}

/// <summary>How often a fault struck.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Requests">The requests of its step, as far as earlier faults let them through; or the connections.</param>
/// <param name="Strikes">Those that it struck.</param>
public sealed record FaultTally(Fault Fault, int Requests, int Strikes);
