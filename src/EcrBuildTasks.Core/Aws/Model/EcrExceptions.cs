using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace EcrBuildTasks.Aws.Model;

/// <summary>An error that ECR answered; <see cref="AmazonServiceException.ErrorCode"/> is ECR's own code.</summary>
public class AmazonECRException(
    string message,
    Exception? innerException,
    ErrorType errorType,
    string errorCode,
    string requestId,
    HttpStatusCode statusCode
) : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    internal AmazonECRException(ErrorResponse error)
        : this(error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode) { }
}

/// <summary>The layer upload has no parts.</summary>
internal class EmptyUploadException : AmazonECRException
{
    internal EmptyUploadException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The image is there already, with the same tag and manifest.</summary>
internal class ImageAlreadyExistsException : AmazonECRException
{
    internal ImageAlreadyExistsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The repository holds no such image.</summary>
internal class ImageNotFoundException : AmazonECRException
{
    internal ImageNotFoundException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The tag exists and the repository's tags are immutable.</summary>
internal class ImageTagAlreadyExistsException : AmazonECRException
{
    internal ImageTagAlreadyExistsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The layer's bytes do not have the given digest.</summary>
internal class InvalidLayerException : AmazonECRException
{
    internal InvalidLayerException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The part does not follow the last byte that ECR holds.</summary>
internal class InvalidLayerPartException : AmazonECRException
{
    internal InvalidLayerPartException(ErrorResponse error)
        : base(error) { }
}

/// <summary>ECR refuses a parameter; the message says which.</summary>
internal class InvalidParameterException : AmazonECRException
{
    internal InvalidParameterException(ErrorResponse error)
        : base(error) { }
}

/// <summary>AWS KMS refused to encrypt or decrypt.</summary>
internal class KmsException : AmazonECRException
{
    internal KmsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The layer is there already.</summary>
internal class LayerAlreadyExistsException : AmazonECRException
{
    internal LayerAlreadyExistsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The manifest names layers that the repository does not hold.</summary>
internal class LayersNotFoundException : AmazonECRException
{
    internal LayersNotFoundException(ErrorResponse error)
        : base(error) { }
}

/// <summary>A quota of ECR is used up.</summary>
internal class LimitExceededException : AmazonECRException
{
    internal LimitExceededException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The public registry of this alias or account does not exist.</summary>
internal class RegistryNotFoundException : AmazonECRException
{
    internal RegistryNotFoundException(ErrorResponse error)
        : base(error) { }
}

internal class RepositoryAlreadyExistsException : AmazonECRException
{
    internal RepositoryAlreadyExistsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The registry has no such repository.</summary>
internal class RepositoryNotFoundException : AmazonECRException
{
    internal RepositoryNotFoundException(ErrorResponse error)
        : base(error) { }
}

public class RepositoryPolicyNotFoundException : AmazonECRException
{
    internal RepositoryPolicyNotFoundException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The image has no scan: none has begun, or nothing scans the repository.</summary>
internal class ScanNotFoundException : AmazonECRException
{
    internal ScanNotFoundException(ErrorResponse error)
        : base(error) { }
}

/// <summary>ECR failed; the same request may succeed later.</summary>
internal class ServerException : AmazonECRException
{
    internal ServerException(ErrorResponse error)
        : base(error) { }
}

/// <summary>A repository can have at most 50 resource tags.</summary>
internal class TooManyTagsException : AmazonECRException
{
    internal TooManyTagsException(ErrorResponse error)
        : base(error) { }
}

/// <summary>The layer upload does not exist.</summary>
internal class UploadNotFoundException : AmazonECRException
{
    internal UploadNotFoundException(ErrorResponse error)
        : base(error) { }
}

/// <summary>ECR refuses the request; the message says why.</summary>
internal class ValidationException : AmazonECRException
{
    internal ValidationException(ErrorResponse error)
        : base(error) { }
}
