terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "issuer" {
  type        = string
  description = "The issuer of Jenkins's tokens without https://, such as jenkins.example.com/oidc"
}

variable "job_url" {
  type        = string
  description = "The URL of the job with its trailing slash, such as https://jenkins.example.com/job/hello-api/job/main/"
}

variable "repository_arn" {
  type        = string
  description = "The ECR repository to push to, such as arn:aws:ecr:eu-west-1:444455556666:repository/hello-api"
}

variable "role_name" {
  type        = string
  description = "The name of the role"
  default     = "hello-api-push"
}

# An account has one provider per issuer: if it already exists, use a data source instead.
resource "aws_iam_openid_connect_provider" "issuer" {
  url            = "https://${var.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

# Only builds of this job can assume the role; in a multibranch pipeline each branch is a job.
resource "aws_iam_role" "push" {
  name = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.issuer.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${var.issuer}:aud" = "sts.amazonaws.com"
            "${var.issuer}:sub" = var.job_url
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "push" {
  name = "push"
  role = aws_iam_role.push.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GetToken"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ]
        Resource = var.repository_arn
      },
    ]
  })
}

output "role_arn" {
  value = aws_iam_role.push.arn
}
