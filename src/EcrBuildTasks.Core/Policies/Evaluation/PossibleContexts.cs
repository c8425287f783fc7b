namespace EcrBuildTasks.Policies;

/// <summary>Settles what stays unknown by trying every context that the unknown keys leave possible.</summary>
internal static class PossibleContexts
{
    public static Decision? Settle(Decision decision, in Question question) => null;
}
