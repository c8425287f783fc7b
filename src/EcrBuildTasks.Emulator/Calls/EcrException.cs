using System.Text.Json.Nodes;

namespace EcrBuildTasks.Emulator.Calls;

/// <summary>A refusal as the ECR API names it. The registry protocol has its own names: <c>Distribution/OciError</c>.</summary>
internal sealed class EcrException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Members of the error beside its message.</summary>
    public JsonObject Details { get; init; } = [];

    public static EcrException AccessDenied(string sentence) => new("AccessDeniedException", sentence);

    public static EcrException Throttled() => new("ThrottlingException", "Rate exceeded");

    public static EcrException InvalidParameter(string parameter, string constraint) =>
        new(
            "InvalidParameterException",
            $"Invalid parameter at '{parameter}' failed to satisfy constraint: '{constraint}'"
        );

    public static EcrException RepositoryNotFound(string name, string account) =>
        new(
            "RepositoryNotFoundException",
            $"The repository with name '{name}' does not exist in the registry with id '{account}'"
        );

    /// <exception cref="EcrException">ECR has no pages of this size.</exception>
    public static void RequirePageSize(int size, int largest = 1000)
    {
        if (size < 1 || size > largest)
        {
            throw InvalidParameter(
                "maxResults",
                size < 1
                    ? "Member must have value greater than or equal to 1"
                    : $"Member must have value less than or equal to {largest}"
            );
        }
    }
}
