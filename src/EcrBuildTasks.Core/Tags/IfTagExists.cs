namespace EcrBuildTasks.Tags;

/// <summary>What becomes of a push when one of its tags exists and the repository does not let it be moved.</summary>
public enum IfTagExists
{
    /// <summary>It fails, before anything is built.</summary>
    Fail,

    /// <summary>It succeeds without building or pushing anything, if all its tags are there; else it fails.</summary>
    Skip,
}
