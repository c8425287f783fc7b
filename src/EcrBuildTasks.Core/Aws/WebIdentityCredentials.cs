using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Aws;

/// <summary>A role's credentials for the token of an OIDC provider, as a CI system or Kubernetes leaves it in a file.</summary>
internal sealed class WebIdentityCredentials(string tokenFile, string roleArn, string sessionName, AwsClients clients)
    : ProvidedCredentials,
        ILastingIdentity
{
    public async Task<string> GetIdentityKeyAsync() =>
        $"token {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await ReadAsync())))} as {roleArn}/{sessionName}";

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        // Read each time: the token issuer replaces the file before the token expires.
        var token = await ReadAsync();
        using var sts = clients.Sts(new AnonymousAWSCredentials());
        try
        {
            var answer = await sts.AssumeRoleWithWebIdentityAsync(
                new AssumeRoleWithWebIdentityRequest
                {
                    RoleArn = roleArn,
                    RoleSessionName = sessionName,
                    WebIdentityToken = token,
                },
                cancellationToken
            );
            return RoleSession.CreateState(answer.Credentials);
        }
        catch (AmazonServiceException refusal) when (WhyNot(refusal.ErrorCode) is { } why)
        {
            throw Failed($"{why}{Claims(token)}. AWS reported: {refusal.Message}", refusal.ErrorCode, refusal);
        }
    }

    private string? WhyNot(string? errorCode) =>
        errorCode switch
        {
            "ExpiredTokenException" or "ExpiredToken" => $"the web identity token in {tokenFile} has expired",
            "InvalidIdentityToken" or "InvalidIdentityTokenException" or "IDPRejectedClaim" =>
                $"AWS does not accept the web identity token in {tokenFile}",
            "AccessDenied" or "AccessDeniedException" =>
                $"the trust policy of the role does not accept the web identity token in {tokenFile}",
            _ => null,
        };

    private async Task<string> ReadAsync()
    {
        try
        {
            var token = (await File.ReadAllTextAsync(tokenFile)).Trim();
            OutgoingText.AddSecret(token);
            return token.Length > 0 ? token : throw Failed($"the web identity token file {tokenFile} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var what = failure is FileNotFoundException or DirectoryNotFoundException
                ? "does not exist"
                : "cannot be read";
            throw Failed($"the web identity token file {tokenFile} {what}", cause: failure);
        }
    }

    /// <summary>The claims that trust policies check; unlike the signature, they are not secret.</summary>
    private static string Claims(string token)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
            var claims = new[] { ("iss", "issuer"), ("sub", "subject"), ("aud", "audience") }
                .Where(claim => json.RootElement.TryGetProperty(claim.Item1, out _))
                .Select(claim => $"{claim.Item2} {json.RootElement.GetProperty(claim.Item1)}");
            return $" ({string.Join(", ", claims)})";
        }
        catch (Exception failure)
            when (failure is JsonException or FormatException or IndexOutOfRangeException or InvalidOperationException)
        {
            return "";
        }
    }

    private AwsSessionException Failed(string why, string? errorCode = null, Exception? cause = null) =>
        new(EcrCode.WebIdentityRefused, $"The role {roleArn} could not be assumed by web identity: {why}", cause)
        {
            RoleArn = roleArn,
            ErrorCode = errorCode,
            CredentialsSource = "web identity",
        };
}
