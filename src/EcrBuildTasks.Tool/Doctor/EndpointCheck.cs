using System.Net;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether an AWS endpoint responds; the response to a plain request does not matter.</summary>
internal static class EndpointCheck
{
    private const string Remedy =
        "Check the network, the proxy settings (HTTPS_PROXY, NO_PROXY), AWS_CA_BUNDLE and AWS_ENDPOINT_URL. In a VPC without internet access, check that the VPC endpoint of the service exists.";

    public static Finding NoRegion { get; } =
        Finding.Warning("Not checked because no region is set.", "Set a region first.");

    public static async Task<Finding> LookAsync(
        Surroundings place,
        string serviceId,
        Func<AwsSession, Uri> choose,
        CancellationToken cancellationToken
    )
    {
        var session = await place.GetPlaceAsync();
        if (session.Region is null)
        {
            return NoRegion;
        }

        var url = choose(session);
        var setting = session.EndpointSettingOf(serviceId);
        using var question = new HttpRequestMessage(HttpMethod.Get, url);
        return await AskAsync(
            question,
            place.Http,
            _ =>
                Finding.Ok(
                    $"{url.Authority} responds.{(setting is null ? "" : $" It is used instead of AWS because of {setting}.")}"
                ),
            cancellationToken
        );
    }

    /// <summary>Sends a request, and distinguishes a network that blocks it from a server that responds.</summary>
    public static async Task<Finding> AskAsync(
        HttpRequestMessage question,
        HttpClient http,
        Func<HttpStatusCode, Finding> read,
        CancellationToken cancellationToken
    )
    {
        var host = question.RequestUri!.Authority;
        try
        {
            using var answer = await http.SendAsync(
                question,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return
                answer.StatusCode
                    is HttpStatusCode.ProxyAuthenticationRequired
                        or HttpStatusCode.BadGateway
                        or HttpStatusCode.ServiceUnavailable
                        or HttpStatusCode.GatewayTimeout
                ? Finding.Problem($"{host}, or a proxy in front of it, returned {(int)answer.StatusCode}.", Remedy)
                : read(answer.StatusCode);
        }
        catch (HttpRequestException failure)
        {
            return Finding.Problem(
                $"{host} cannot be reached: {failure.GetBaseException().Message.TrimEnd('.')}.",
                Remedy
            );
        }
    }
}
