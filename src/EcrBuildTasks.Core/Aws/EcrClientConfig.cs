using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Aws;

/// <summary>
/// How an <see cref="EcrClient"/> reaches ECR. Region, endpoint URLs, retries, FIPS and dual-stack come from the same
/// environment variables and profile settings as in every AWS SDK, unless set here.
/// </summary>
internal class EcrClientConfig : ClientConfig
{
    private static readonly IDefaultConfiguration Defaults = new DefaultConfiguration
    {
        Name = DefaultConfigurationMode.Standard,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromSeconds(3.1),
        TlsNegotiationTimeout = TimeSpan.FromSeconds(3.1),
    };

    /// <summary>Starts from the environment's settings.</summary>
    /// <param name="kind">Whose API it is: that of private registries, or that of public ones.</param>
    public EcrClientConfig(RegistryKind kind = RegistryKind.Private)
        : base(new DefaultConfigurationProvider([Defaults]))
    {
        Api = EcrApi.ForKind(kind);
        ServiceId = Api.ServiceId;
        AuthenticationServiceName = Api.SigningName;
        EndpointProvider = new EcrEndpointProvider(kind);
    }

    internal EcrApi Api { get; }

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => Api.EndpointPrefix;

    /// <inheritdoc/>
    public override string ServiceVersion => Api.Version;

    /// <inheritdoc/>
    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("ECR", "4.0.0.0");

    /// <summary>
    /// Chooses between the endpoints of the API. What the user has set decides; without it, the host of the registry does, for
    /// a user of a FIPS or dual-stack registry cannot or must not use the other API. An endpoint URL takes precedence over the host.
    /// </summary>
    /// <param name="registry">The registry to call; <see langword="null"/> for the caller's own.</param>
    /// <param name="fips">What the user has set of FIPS.</param>
    /// <param name="dualStack">What the user has set of dual-stack.</param>
    /// <exception cref="ReferenceFormatException">The registry's partition is not known, and no endpoint URL is set.</exception>
    internal void Reach(EcrRegistry? registry, bool? fips, bool? dualStack)
    {
        var isEndpointSet = ServiceURL is { Length: > 0 };
        if (registry is { Partition.IsKnown: false } && !isEndpointSet)
        {
            throw registry.WithoutEndpoint();
        }

        UseFIPSEndpoint = fips ?? (registry is { IsFips: true } && !isEndpointSet);
        UseDualstackEndpoint = dualStack ?? (registry is { IsDualStack: true } && !isEndpointSet);
    }

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        ApiEndpointResolver.EndpointOf(this, parameters);
}
