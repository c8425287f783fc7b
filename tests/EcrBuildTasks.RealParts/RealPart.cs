namespace EcrBuildTasks.RealParts;

/// <summary>What a test does without a real part that this machine does not have.</summary>
public static class RealPart
{
    /// <summary>
    /// Whether a missing real part is a failure: in CI (<c>CI=true</c>) and wherever <c>ECR_REQUIRE_ENGINE=true</c>.
    /// </summary>
    public static bool IsRequired => IsTrue("CI") || IsTrue("ECR_REQUIRE_ENGINE");

    /// <summary>Gives the part, or skips the test with the reason, or fails it where <see cref="IsRequired"/>.</summary>
    /// <param name="part">What starting it returned.</param>
    /// <param name="howToGetOne">Told in either case.</param>
    /// <param name="skip">The test framework's own, which does not return: <c>Assert.Skip</c>.</param>
    public static T OrSkip<T>(this T? part, string howToGetOne, Action<string> skip)
        where T : class
    {
        if (part is not null)
        {
            return part;
        }

        if (!IsRequired)
        {
            skip(howToGetOne);
        }

        throw new InvalidOperationException(howToGetOne);
    }

    private static bool IsTrue(string variable) =>
        string.Equals(Environment.GetEnvironmentVariable(variable), "true", StringComparison.OrdinalIgnoreCase);
}
