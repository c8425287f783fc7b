using System.Text.RegularExpressions;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>What a signature is good for: region, service, and the headers that it covers.</summary>
internal sealed partial record SignedParts(string Scope, IReadOnlyList<string> Headers)
{
    /// <summary>The body's hash, which every AWS SDK for .NET sends as a header too and signs with the others.</summary>
    private const string OfTheSdk = "x-amz-content-sha256";

    public static SignedParts Of(ReceivedRequest request)
    {
        var match = Pattern().Match(request.Headers["Authorization"]);
        match.Success.ShouldBeTrue(request.Headers["Authorization"]);
        return new(match.Groups["scope"].Value, match.Groups["headers"].Value.Split(';'));
    }

    public void ShouldBeTheSameAs(SignedParts other)
    {
        Scope.ShouldBe(other.Scope);
        Headers.Where(header => header != OfTheSdk).ShouldBe(other.Headers);
    }

    // The date may turn between two requests.
    [GeneratedRegex(
        "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/(?<scope>[^,]+), SignedHeaders=(?<headers>[^,]+), Signature=[0-9a-f]{64}$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
