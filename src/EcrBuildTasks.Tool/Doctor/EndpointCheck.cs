using System.Net;
using EcrBuildTasks.Aws;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether an endpoint of AWS answers at all; what it answers to a plain request does not matter.</summary>
internal static class EndpointCheck
{
    private const string Remedy =
        "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), AWS_CA_BUNDLE, and AWS_ENDPOINT_URL where it is set; in a VPC without internet, that the service's endpoint is there.";

    public static Finding NoRegion { get; } =
        Finding.Warning("Not looked at, for no region is known.", "Name a region first.");

    public static async Task<Finding> LookAsync(
        Surroundings place,
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
        using var question = new HttpRequestMessage(HttpMethod.Get, url);
        return await AskAsync(question, place.Http, _ => Finding.Ok($"{url.Authority} answers."), cancellationToken);
    }

    /// <summary>Asks, and tells a network that does not let the question through from a server that answers it.</summary>
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
                ? Finding.Problem($"{host}, or a proxy before it, answers {(int)answer.StatusCode}.", Remedy)
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
