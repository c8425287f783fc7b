using System.Runtime.InteropServices;

namespace EcrBuildTasks.Policies;

/// <summary>How far an Allow to a principal carries the caller, in ascending order.</summary>
internal enum Reach
{
    /// <summary>The principal is not the caller.</summary>
    None,

    /// <summary>The caller's account is named: that account's own policies decide.</summary>
    Delegated,

    /// <summary>Sufficient without identity policies, within boundary and session policy.</summary>
    Limited,

    /// <summary>Sufficient alone.</summary>
    Direct,
}

/// <summary>The reach that is certain and the reach that is possible, given what is not known.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReachRange(Reach Certain, Reach Possible)
{
    public static ReachRange None { get; } = new(Reach.None, Reach.None);

    public static ReachRange Exactly(Reach reach) => new(reach, reach);

    public ReachRange Or(ReachRange other) =>
        new(Certain > other.Certain ? Certain : other.Certain, Possible > other.Possible ? Possible : other.Possible);

    /// <summary>Narrows the range to what remains when the rest of the statement matches only so far.</summary>
    public ReachRange If(Truth match) =>
        match switch
        {
            Truth.True => this,
            Truth.Unknown => this with { Certain = Reach.None },
            _ => None,
        };

    public Truth IsAtLeast(Reach reach) =>
        Certain >= reach ? Truth.True
        : Possible >= reach ? Truth.Unknown
        : Truth.False;
}
