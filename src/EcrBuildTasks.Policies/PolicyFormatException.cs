namespace EcrBuildTasks.Policies;

/// <summary>A text that is not a valid IAM policy; the message says where and why.</summary>
public sealed class PolicyFormatException : FormatException
{
    /// <param name="message">Where in the policy something is wrong, and what.</param>
    internal PolicyFormatException(string message)
        : base(message) { }

    /// <summary>Creates the exception for a text that is not even JSON.</summary>
    /// <param name="message">Where in the policy something is wrong, and what.</param>
    /// <param name="innerException">The exception of the JSON reader.</param>
    internal PolicyFormatException(string message, Exception innerException)
        : base(message, innerException) { }
}
