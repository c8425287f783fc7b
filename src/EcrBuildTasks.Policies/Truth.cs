namespace EcrBuildTasks.Policies;

/// <summary>Three-valued logic: what is not known stays unknown until something decides without it.</summary>
internal enum Truth
{
    False,
    Unknown,
    True,
}

internal static class TruthLogic
{
    public static Truth And(this Truth left, Truth right) => left < right ? left : right;

    public static Truth Or(this Truth left, Truth right) => left > right ? left : right;

    public static Truth Not(this Truth truth) => (Truth)(Truth.True - truth);

    public static Truth ToTruth(this bool value) => value ? Truth.True : Truth.False;
}
